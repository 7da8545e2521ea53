// SPDX-License-Identifier: Apache-2.0
#include "targets.h"

#include <glob.h>

#include "base/escape.h"
#include "ops/revisions.h"
#include "os/file.h"
#include "os/path.h"
#include "pipeline/lock_outputs.h"

namespace cairn::cmd {
namespace {

bool is_glob(const std::string& word) {
  return word.find_first_of("*?[") != std::string::npos;
}

std::vector<std::string> matches(const std::string& pattern) {
  std::vector<std::string> paths;
  glob_t found{};
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  globfree(&found);
  return paths;
}

}  // namespace

Result<std::vector<std::string>> project_paths(const Invocation& invocation,
                                               const std::vector<std::string>& words) {
  std::vector<std::string> paths;
  for (const std::string& word : words) {
    CAIRN_TRY_ASSIGN(std::string path, invocation.workspace->to_project_path(word, invocation.folder));
    paths.push_back(std::move(path));
  }
  return paths;
}

Result<std::vector<std::string>> expand_targets(const Invocation& invocation,
                                                const std::vector<std::string>& words) {
  std::vector<std::string> expanded;
  for (const std::string& word : words) {
    std::string whole = word.starts_with('/') ? word : os::join(invocation.folder, word);
    CAIRN_TRY_ASSIGN(auto stat, os::find_stat(whole));
    if (stat || !is_glob(word)) {
      expanded.push_back(word);
      continue;
    }
    std::vector<std::string> found = matches(whole);
    if (found.empty()) {
      return Error(Code::not_found, "nothing matches " + quoted(word));
    }
    // Pointers beside the data match the same patterns; nobody means them.
    std::erase_if(found, [](const std::string& path) { return path.ends_with(".cairn"); });
    expanded.insert(expanded.end(), found.begin(), found.end());
  }
  return project_paths(invocation, expanded);
}

Result<std::vector<project::Tracked>> tracked_at(const Invocation& invocation, const std::string& revision) {
  if (revision.empty()) {
    return project::find_tracked(*invocation.workspace, pipeline::read_lock_outputs);
  }
  CAIRN_TRY_ASSIGN(git::Oid commit, ops::find_commit(*invocation.workspace, revision));
  return project::find_tracked_at(*invocation.workspace, commit, pipeline::read_lock_outputs);
}

std::string shown_path(const Invocation& invocation, const std::string& path) {
  return escaped(os::relative_to(os::join(invocation.workspace->paths().root, path), invocation.folder));
}

}  // namespace cairn::cmd
