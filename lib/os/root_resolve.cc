// SPDX-License-Identifier: Apache-2.0
#include "os/root_resolve.h"

#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <vector>

#include "os/path.h"
#include "os/retry.h"

namespace cairn::os {
namespace {

bool is_symlink_at(int dir, const std::string& name) {
  struct stat st {};
  return ::fstatat(dir, name.c_str(), &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode);
}

/// openat with O_NOFOLLOW, which says ENOTDIR for a symlink where a folder is asked for: made ELOOP, as
/// openat2 says.
Fd open_part(int dir, const std::string& name, int flags, unsigned mode) {
  Fd fd(retry([&] { return ::openat(dir, name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, mode); }));
  if (!fd.valid() && errno == ENOTDIR) {
    errno = is_symlink_at(dir, name) ? ELOOP : ENOTDIR;
  }
  return fd;
}

bool kernel_can() {
  Fd root = open_beneath_by_kernel(AT_FDCWD, ".", O_PATH, 0);
  return root.valid() || (errno != ENOSYS && errno != EPERM);  // EPERM: sandboxes older than the call
}

}  // namespace

Fd open_beneath_by_kernel(int dir, const std::string& path, int flags, unsigned mode) {
  open_how how{};
  how.flags = static_cast<__u64>(flags | O_CLOEXEC);
  bool creates = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;  // O_TMPFILE is two bits
  how.mode = creates ? mode & 07777u : 0;  // openat2 refuses a mode that means nothing
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  return Fd(
      static_cast<int>(retry([&] { return ::syscall(SYS_openat2, dir, path.c_str(), &how, sizeof how); })));
}

Fd open_beneath_by_parts(int dir, const std::string& path, int flags, unsigned mode) {
  Fd held;
  std::vector<std::string_view> parts = parts_of(path);
  std::string last(parts.back());
  parts.pop_back();
  for (std::string_view part : parts) {
    held = open_part(held.valid() ? held.get() : dir, std::string(part), O_PATH | O_DIRECTORY, 0);
    if (!held.valid()) {
      return {};
    }
  }
  Fd fd = open_part(held.valid() ? held.get() : dir, last, flags, mode);
  struct stat st {};
  // O_PATH opens the link itself.
  if (fd.valid() && (flags & O_PATH) != 0 && ::fstat(fd.get(), &st) == 0 && S_ISLNK(st.st_mode)) {
    errno = ELOOP;
    return {};
  }
  return fd;
}

Fd open_beneath(int dir, const std::string& path, int flags, unsigned mode) {
  static const bool by_kernel = kernel_can();
  return by_kernel ? open_beneath_by_kernel(dir, path, flags, mode)
                   : open_beneath_by_parts(dir, path, flags, mode);
}

}  // namespace cairn::os
