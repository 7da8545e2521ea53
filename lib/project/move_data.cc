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

/// Names in a folder that paths may have; none where it cannot be listed.
std::vector<std::string> names_in(const os::Root& root, const std::string& folder) {
  std::vector<std::string> names;
  const Result<os::Fd> fd = root.open_folder(folder);
  if (!fd.ok()) {
    return names;
  }
  const Result<std::vector<os::DirEntry>> entries = os::list_folder(fd->get(), folder);
  for (std::size_t i = 0; entries.ok() && i < entries->size(); ++i) {
    if (const std::string& name = (*entries)[i].name; os::check_name(name).ok()) {
      names.push_back(name);
    }
  }
  return names;
}

/// Files whose content the stat cache knows. What cannot be looked at is left out: it is only not known.
std::vector<Known> known_files(const os::Root& root, const StatCache& cache, const std::string& path) {
  std::vector<Known> known;
  std::vector<std::string> pending = {""};
  while (!pending.empty()) {
    const std::string relative = std::move(pending.back());
    pending.pop_back();
    const std::string full = path_of(path, relative);
    const Result<std::optional<os::FileStat>> stat = root.find_stat(full);
    if (!stat.ok() || !*stat) {
      continue;
    }
    if (const std::optional<store::Id> id = cache.find(full, **stat); id) {
      known.push_back({relative, **stat, *id});
    } else if ((*stat)->kind == os::Kind::folder) {
      for (const std::string& name : names_in(root, full)) {
        pending.push_back(os::join(relative, name));
      }
    }
  }
  return known;
}

}  // namespace

Status move_data(Workspace& workspace, const std::string& from, const std::string& to) {
  StatCache& cache = workspace.stat_cache();
  const std::vector<Known> known = known_files(workspace.files(), cache, from);
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
