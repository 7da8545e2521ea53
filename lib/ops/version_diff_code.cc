// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "git/ignore_file.h"
#include "ops/version_diff_parts.h"
#include "os/path.h"

namespace cairn::ops {
namespace {

using git::TreeChange;
using git::TreeFile;
using project::ChangeKind;

constexpr unsigned kSymlinkMode = 0120000;

/// Not worth counting: other parts of a diff tell of them.
const std::vector<std::string> kNoCode{"**/*.cairn", "**/cairn.lock"};

Result<std::string> own_ignore_text(git::Repository& git, const std::optional<TreeFile>& file) {
  if (!file) {
    return std::string();
  }
  CAIRN_TRY_ASSIGN(const Buffer bytes, git.read_blob(file->blob));
  return git::without_own_lines(as_text(bytes));
}

/// A .gitignore that only cairn changed.
Result<bool> is_bookkeeping(git::Repository& git, const TreeChange& file) {
  if (os::name_of(file.path) != ".gitignore") {
    return false;
  }
  CAIRN_TRY_ASSIGN(const std::string before, own_ignore_text(git, file.before));
  CAIRN_TRY_ASSIGN(const std::string after, own_ignore_text(git, file.after));
  return before == after;
}

ChangeKind kind_of(const TreeChange& file) {
  if (!file.before || !file.after) {
    return file.before ? ChangeKind::deleted : ChangeKind::added;
  }
  const bool other_type = (file.before->mode == kSymlinkMode) != (file.after->mode == kSymlinkMode);
  return other_type ? ChangeKind::type_changed : ChangeKind::modified;
}

/// Blobs without content are all the same: none of them is another one that moved.
bool has_content(const TreeFile& file) {
  return file.blob.hex() != "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
}

/// Makes one change of a file that is gone and one that appeared with its content.
std::vector<TreeChange> join_renames(std::vector<TreeChange> files) {
  std::multimap<git::Oid, TreeChange*> gone;
  for (TreeChange& file : files) {
    if (file.before && !file.after && has_content(*file.before)) {
      gone.emplace(file.before->blob, &file);
    }
  }
  for (TreeChange& file : files) {
    const auto match = !file.before && file.after ? gone.find(file.after->blob) : gone.end();
    if (match != gone.end()) {
      file.before = std::move(match->second->before);
      match->second->before.reset();
      gone.erase(match);
    }
  }
  std::erase_if(files, [](const TreeChange& file) { return !file.before && !file.after; });
  return files;
}

}  // namespace

Result<std::vector<CodeChange>> diff_code(project::Workspace& workspace, const VersionDiff& diff,
                                          const std::vector<TreeChange>& files) {
  std::vector<CodeChange> changes;
  if (files.empty()) {
    return changes;
  }
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(auto lines, git::changed_lines(*workspace.git_layout(), diff.before.commit,
                                                  diff.after.commit, kNoCode));
  const std::string prefix = workspace.git_prefix();
  for (const TreeChange& file : join_renames(files)) {
    CAIRN_TRY_ASSIGN(const bool bookkeeping, is_bookkeeping(*git, file));
    if (bookkeeping) {
      continue;
    }
    CodeChange change{kind_of(file), file.path, "", {}, false};
    if (file.before && file.before->path != file.path) {
      change.kind = ChangeKind::renamed;
      change.old_path = file.before->path;
    }
    if (change.kind != ChangeKind::renamed) {
      change.lines = lines[os::join(prefix, file.path)];
    }
    change.mode = file.before && file.after && file.before->mode != file.after->mode;
    changes.push_back(std::move(change));
  }
  std::ranges::sort(changes, {}, &CodeChange::path);
  return changes;
}

}  // namespace cairn::ops
