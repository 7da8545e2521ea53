// SPDX-License-Identifier: Apache-2.0
#include "project/move_data.h"

#include <vector>

#include "os/path.h"
#include "project/apply_target.h"

namespace cairn::project {
namespace {

struct Known {
  std::string path;  ///< below the moved path; "" is that path itself
  os::FileStat stat;
  store::Id id;
};

/// Files whose content the stat cache knows. Special names and unreadable folders are left out: they are only
/// not known.
Result<std::vector<Known>> known_files(const Workspace& workspace, StatCache& cache,
                                       const std::string& path) {
  std::vector<Known> known;
  std::vector<std::string> pending = {""};
  while (!pending.empty()) {
    const std::string relative = std::move(pending.back());
    pending.pop_back();
    const std::string full = path_of(path, relative);
    CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> stat, workspace.files().find_stat(full));
    if (stat && stat->kind == os::Kind::file) {
      if (const std::optional<store::Id> id = cache.find(full, *stat)) {
        known.push_back({relative, *stat, *id});
      }
    } else if (stat && stat->kind == os::Kind::folder) {
      const Result<os::Fd> folder = workspace.files().open_folder(full);
      Result<std::vector<os::DirEntry>> entries = folder.ok()
                                                      ? os::list_folder(folder->get(), full)
                                                      : Result<std::vector<os::DirEntry>>(folder.error());
      for (std::size_t i = 0; entries.ok() && i < entries->size(); ++i) {
        if (os::check_name((*entries)[i].name).ok()) {
          pending.push_back(os::join(relative, (*entries)[i].name));
        }
      }
    }
  }
  return known;
}

}  // namespace

Status move_data(Workspace& workspace, const std::string& from, const std::string& to) {
  StatCache& cache = workspace.stat_cache();
  CAIRN_TRY_ASSIGN(const std::vector<Known> known, known_files(workspace, cache, from));
  CAIRN_TRY(rename_new(workspace.files(), from, to));
  cache.forget(from);
  for (const Known& file : known) {
    os::FileStat stat = file.stat;
    if (file.path.empty()) {
      // Renaming a file changes its ctime; files inside a renamed folder keep theirs.
      CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> now, workspace.files().find_stat(to));
      if (!now || !same_file(*now, stat)) {
        continue;
      }
      stat = *now;
    }
    cache.put(path_of(to, file.path), stat, file.id);
  }
  return {};
}

}  // namespace cairn::project
