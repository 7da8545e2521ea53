// SPDX-License-Identifier: Apache-2.0
#include "project/orphans.h"

#include <algorithm>

#include "os/path.h"

namespace cairn::project {
namespace {

/// True when the path or a folder around it is one of `wanted`.
bool is_covered(const std::set<std::string, std::less<>>& wanted, std::string_view path) {
  for (; !path.empty(); path = os::parent_of(path)) {
    if (wanted.contains(path)) {
      return true;
    }
  }
  return false;
}

Result<bool> is_in_git(Workspace& workspace, const std::string& path) {
  if (!workspace.git_layout()) {
    return false;
  }
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  return git->is_tracked(os::join(workspace.git_prefix(), path));
}

/// Project paths of what Git tracks inside a folder.
Result<std::vector<std::string>> find_in_git(Workspace& workspace, const std::string& folder) {
  std::vector<std::string> found;
  if (!workspace.git_layout()) {
    return found;
  }
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  const std::string full = os::join(workspace.git_prefix(), folder);
  CAIRN_TRY_ASSIGN(const auto first, git->find_tracked_within(full));
  if (!first) {
    return found;
  }
  CAIRN_TRY_ASSIGN(const std::vector<std::string> all, git->tracked_paths({}));
  const std::string prefix = full + "/";
  for (auto it = std::lower_bound(all.begin(), all.end(), prefix); it != all.end() && it->starts_with(prefix);
       ++it) {
    found.push_back(it->substr(full.size() - folder.size()));
  }
  return found;
}

}  // namespace

Result<Orphans> find_orphans(Workspace& workspace, const std::vector<Tracked>& tracked,
                             const std::set<std::string>* among) {
  std::set<std::string, std::less<>> covered;
  for (const Tracked& one : tracked) {
    covered.insert(one.path);
  }
  CAIRN_TRY_ASSIGN(const Materialised* const materialised, workspace.materialised());
  Orphans orphans;
  for (const auto& [path, entry] : materialised->entries()) {
    if ((among != nullptr && !among->contains(path)) || is_covered(covered, path)) {
      continue;
    }
    CAIRN_TRY_ASSIGN(const bool in_git, is_in_git(workspace, path));
    if (in_git) {
      orphans.in_git.push_back(path);
      continue;
    }
    CAIRN_TRY_ASSIGN(std::vector<std::string> inside, find_in_git(workspace, path));
    orphans.data.push_back({path, std::move(inside)});
  }
  return orphans;
}

}  // namespace cairn::project
