// SPDX-License-Identifier: Apache-2.0
#include "project/orphans.h"

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

/// Data that Git has taken over is Git's: nothing is removed there.
Result<bool> is_in_git(Workspace& workspace, const std::string& path) {
  if (!workspace.git_layout()) {
    return false;
  }
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  const std::string full = os::join(workspace.git_prefix(), path);
  CAIRN_TRY_ASSIGN(const bool tracked, git->is_tracked(full));
  if (tracked) {
    return true;
  }
  CAIRN_TRY_ASSIGN(const auto inside, git->find_tracked_within(full));
  return inside.has_value();
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
    (in_git ? orphans.in_git : orphans.data).push_back(path);
  }
  return orphans;
}

Result<std::vector<std::string>> find_orphaned_data(Workspace& workspace,
                                                    const std::vector<Tracked>& tracked) {
  CAIRN_TRY_ASSIGN(Orphans orphans, find_orphans(workspace, tracked));
  std::vector<std::string> here;
  for (std::string& path : orphans.data) {
    CAIRN_TRY_ASSIGN(const auto found, workspace.files().find_stat(path));
    if (found) {
      here.push_back(std::move(path));
    }
  }
  return here;
}

}  // namespace cairn::project
