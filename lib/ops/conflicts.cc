// SPDX-License-Identifier: Apache-2.0
#include "ops/conflicts.h"

#include <map>

#include "base/escape.h"
#include "git/unmerged.h"
#include "os/path.h"
#include "pipeline/stage.h"
#include "project/root_files.h"

namespace cairn::ops {
namespace {

bool is_ours(std::string_view path) {
  return project::is_pointer_path(path) || os::name_of(path) == pipeline::kLockFile;
}

Result<std::string> blob_text(git::Repository& repository, const std::optional<git::Oid>& blob) {
  if (!blob) {
    return std::string();
  }
  CAIRN_TRY_ASSIGN(const Buffer bytes, repository.read_blob(*blob));
  return std::string(as_text(bytes));
}

/// What the index holds open of this project, by project path.
Result<std::map<std::string, text::ThreeWay<std::string>>> find_unmerged(project::Workspace& workspace) {
  std::map<std::string, text::ThreeWay<std::string>> found;
  if (!workspace.git_layout()) {
    return found;
  }
  CAIRN_TRY_ASSIGN(const auto unmerged, git::unmerged_paths(*workspace.git_layout()));
  const std::string prefix = workspace.git_prefix();
  for (const git::Unmerged& one : unmerged) {
    if (!is_ours(one.path) || !os::is_within(one.path, prefix)) {
      continue;
    }
    CAIRN_TRY_ASSIGN(git::Repository * repository, workspace.git());
    text::ThreeWay<std::string> texts;
    CAIRN_TRY_ASSIGN(texts.base, blob_text(*repository, one.base));
    CAIRN_TRY_ASSIGN(texts.ours, blob_text(*repository, one.ours));
    CAIRN_TRY_ASSIGN(texts.theirs, blob_text(*repository, one.theirs));
    found.emplace(prefix.empty() ? one.path : one.path.substr(prefix.size() + 1), std::move(texts));
  }
  return found;
}

Error unknown_sides(const std::string& path) {
  return {Code::conflict, quoted(path) + " is in conflict, and neither it nor Git's index tells the sides",
          "git checkout --merge -- " + escaped(path) + ", or restore it from a commit"};
}

}  // namespace

Result<std::vector<Conflict>> find_conflicts(project::Workspace& workspace,
                                             const std::vector<std::string>& marked) {
  CAIRN_TRY_ASSIGN(auto found, find_unmerged(workspace));
  for (const std::string& path : marked) {
    CAIRN_TRY_ASSIGN(const std::optional<std::string> text, project::find_text(workspace.files(), path));
    if (auto sides = text::split_conflict(text.value_or(""))) {
      found[path] = std::move(*sides);
    } else if (!found.contains(path)) {
      return unknown_sides(path);
    }
  }
  std::vector<Conflict> conflicts;
  for (auto& [path, texts] : found) {
    conflicts.push_back({path, std::move(texts)});
  }
  return conflicts;
}

Result<std::vector<project::Tracked>> tracked_in_conflict(project::Workspace& workspace,
                                                          const std::vector<std::string>& marked) {
  std::vector<project::Tracked> tracked;
  if (marked.empty()) {
    return tracked;
  }
  CAIRN_TRY_ASSIGN(const std::vector<Conflict> conflicts, find_conflicts(workspace, marked));
  for (const Conflict& conflict : conflicts) {
    if (!project::is_pointer_path(conflict.path)) {
      continue;
    }
    CAIRN_TRY_ASSIGN(const project::PointerSides sides, project::parse_sides(conflict.texts, conflict.path));
    for (const std::optional<project::Pointer>& side : {sides.base, sides.ours, sides.theirs}) {
      if (side) {
        project::Tracked one;
        one.path = std::string(project::data_path(conflict.path));
        one.declared_in = conflict.path;
        one.object = side->object;
        one.executable = side->executable;
        tracked.push_back(std::move(one));
      }
    }
  }
  return tracked;
}

}  // namespace cairn::ops
