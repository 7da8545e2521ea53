// SPDX-License-Identifier: Apache-2.0
#include "git/untracked_cache.h"

#include <sys/stat.h>

#include "os/folder_times.h"

namespace cairn::git {
namespace {

constexpr const char* kSetting = "core.untrackedCache";
/// Sets the same, among others.
constexpr const char* kManyFiles = "feature.manyFiles";
/// There when the setting is cairn's.
constexpr const char* kMark = "cairn.untrackedCache";

bool are_on_one_file_system(const std::string& one, const std::string& other) {
  struct stat first {};
  struct stat second {};
  return ::stat(one.c_str(), &first) == 0 && ::stat(other.c_str(), &second) == 0 &&
         first.st_dev == second.st_dev;
}

/// Tried in Git's folder, where a kill leaves nothing among the user's files.
bool can_serve(const Layout& layout) {
  return !layout.bare && are_on_one_file_system(layout.work_tree, layout.common_dir) &&
         os::folder_times_follow_entries(layout.common_dir);
}

}  // namespace

Result<bool> enable_untracked_cache(Repository& repository) {
  for (const char* key : {kSetting, kManyFiles}) {
    CAIRN_TRY_ASSIGN(const auto there, repository.config(key));
    if (there) {
      return false;
    }
  }
  if (!can_serve(repository.layout())) {
    return false;
  }
  CAIRN_TRY(repository.set_config(kMark, "true"));
  CAIRN_TRY(repository.set_config(kSetting, "true"));
  return true;
}

Result<bool> disable_untracked_cache(Repository& repository) {
  CAIRN_TRY_ASSIGN(const auto mark, repository.config(kMark));
  if (!mark) {
    return false;
  }
  CAIRN_TRY_ASSIGN(const auto there, repository.config(kSetting));
  const bool is_ours = there == "true";
  if (is_ours) {
    CAIRN_TRY(repository.unset_config(kSetting));
  }
  CAIRN_TRY(repository.unset_config(kMark));
  return is_ours;
}

}  // namespace cairn::git
