// SPDX-License-Identifier: Apache-2.0
// Small operations on the workspace that several steps need.
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

#include "base/escape.h"
#include "os/path.h"
#include "project/apply_target.h"

namespace cairn::project {

bool same_file(const os::FileStat& a, const os::FileStat& b) {
  return a.kind == b.kind && a.size == b.size && a.mtime_ns == b.mtime_ns && a.inode == b.inode &&
         a.device == b.device;
}

Result<std::string> read_symlink(const os::Root& root, const std::string& path) {
  CAIRN_TRY_ASSIGN(const os::Fd folder, root.open_folder(os::parent_of(path)));
  return os::read_link_at(folder.get(), std::string(os::name_of(path)));
}

void remove_leftovers(const os::Root& root, const std::string& folder) {
  const Result<os::Fd> fd = root.open_folder(folder);
  if (!fd.ok()) {
    return;
  }
  const Result<std::vector<os::DirEntry>> entries = os::list_folder(fd->get(), folder);
  for (std::size_t i = 0; entries.ok() && i < entries->size(); ++i) {
    if (is_leftover_name((*entries)[i].name)) {
      static_cast<void>(root.remove_tree(os::join(folder, (*entries)[i].name)));
    }
  }
}

Status rename_new(const os::Root& root, const std::string& from, const std::string& to) {
  CAIRN_TRY_ASSIGN(const os::Fd source, root.open_folder(os::parent_of(from)));
  CAIRN_TRY_ASSIGN(const os::Fd target, root.open_folder(os::parent_of(to)));
  const std::string old_name(os::name_of(from));
  const std::string new_name(os::name_of(to));
  if (::renameat2(source.get(), old_name.c_str(), target.get(), new_name.c_str(), RENAME_NOREPLACE) == 0) {
    return {};
  }
  const int err = errno;
  if (err != EINVAL && err != ENOSYS && err != EEXIST) {
    return Error::from_errno(err, "cannot rename " + quoted(root.shown(from)) + " to", root.shown(to));
  }
  // Without this flag of the file system the check and the rename are two steps.
  CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> now, root.find_stat(to));
  if (now) {
    return Error(Code::conflict, quoted(to) + " appeared while cairn was at work, and was left as it is",
                 "run the command again");
  }
  return root.rename(from, to);
}

}  // namespace cairn::project
