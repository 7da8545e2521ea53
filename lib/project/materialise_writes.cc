// SPDX-License-Identifier: Apache-2.0
#include "project/materialise_writes.h"

#include <fcntl.h>

#include "base/escape.h"
#include "os/path.h"

namespace cairn::project {

Error changed_meanwhile(const std::string& path) {
  return {Code::conflict, quoted(path) + " changed while cairn was at work, and was left as it is",
          "run the command again"};
}

Status check_unchanged(const os::Root& root, const std::string& path, const Node* present) {
  CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> now, root.find_stat(path));
  bool same = now.has_value() == (present != nullptr);
  if (same && now && present->is_symlink()) {
    CAIRN_TRY_ASSIGN(const std::string target, read_symlink(root, path));
    same = target == present->target;
  } else if (same && now) {
    same = same_file(*now, present->stat);
  }
  return same ? Status() : Status(changed_meanwhile(path));
}

std::string temporary_of(const std::string& path) {
  return os::join(os::parent_of(path), temporary_name(os::name_of(path)));
}

Status put_in_place(const os::Root& root, const std::string& temporary, const std::string& path,
                    const Node* present) {
  if (present == nullptr || present->is_folder()) {
    return rename_new(root, temporary, path);
  }
  CAIRN_TRY(check_unchanged(root, path, present));
  return root.rename(temporary, path);
}

Result<os::Fd> WorkspaceFiles::create(std::size_t i) {
  const unsigned mode = writes_[i].step->wanted->kind == store::TreeKind::executable ? 0777 : 0666;
  return root_.open_at(writes_[i].temporary, O_RDWR | O_CREAT | O_EXCL, mode);
}

Status WorkspaceFiles::publish(std::size_t i, os::Fd file) {
  Write& write = writes_[i];
  CAIRN_TRY_ASSIGN(write.stat, os::stat_fd(file.get(), write.path));
  CAIRN_TRY(file.close(write.path));
  if (write.temporary != write.path) {
    CAIRN_TRY(put_in_place(root_, write.temporary, write.path, write.step->present));
    // The rename changed the file's ctime.
    CAIRN_TRY_ASSIGN(std::optional<os::FileStat> now, root_.find_stat(write.path));
    if (!now || !same_file(*now, write.stat)) {
      return {};
    }
    write.stat = *now;
  }
  write.published = true;
  return {};
}

void WorkspaceFiles::discard(std::size_t i) {
  static_cast<void>(root_.remove(writes_[i].temporary));
}

}  // namespace cairn::project
