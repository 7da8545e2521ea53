// SPDX-License-Identifier: Apache-2.0
// Listing and removing folders.
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "os/fd.h"
#include "os/file.h"
#include "os/path.h"

namespace cairn::os {
namespace {

Kind kind_of(unsigned char type) {
  switch (type) {
    case DT_REG:
      return Kind::file;
    case DT_DIR:
      return Kind::folder;
    case DT_LNK:
      return Kind::symlink;
    default:
      return Kind::other;
  }
}

struct CloseDir {
  void operator()(DIR* dir) const { ::closedir(dir); }
};

Result<std::vector<DirEntry>> read_entries(Fd fd, std::string_view path) {
  std::unique_ptr<DIR, CloseDir> stream(::fdopendir(fd.get()));
  if (stream == nullptr) {
    return Error::from_errno(errno, "cannot list", path);
  }
  fd.release();  // the stream owns it now
  std::vector<DirEntry> entries;
  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(stream.get());  // NOLINT(concurrency-mt-unsafe): a stream of our own
    if (entry == nullptr) {
      break;
    }
    std::string_view name = entry->d_name;
    if (name != "." && name != "..") {
      entries.push_back({std::string(name), kind_of(entry->d_type)});
    }
  }
  if (errno != 0) {
    return Error::from_errno(errno, "cannot list", path);
  }
  // std::string compares as unsigned bytes.
  std::sort(entries.begin(), entries.end(),
            [](const DirEntry& a, const DirEntry& b) { return a.name < b.name; });
  return entries;
}

Status remove_content(const Fd& folder, const std::string& shown) {
  CAIRN_TRY_ASSIGN(auto entries, list_folder(folder.get(), shown));
  for (const DirEntry& entry : entries) {
    CAIRN_TRY(remove_tree_at(folder.get(), entry.name, shown + "/" + entry.name));
  }
  return {};
}

bool is_missing(int err) {
  return err == ENOENT || err == ENOTDIR;
}

}  // namespace

Result<std::vector<DirEntry>> list_folder(int dir, std::string_view path) {
  // Opened anew: a stream moves the offset of its descriptor, and O_PATH descriptors cannot be read.
  int fd = ::openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) {
    return Error::from_errno(errno, "cannot list", path);
  }
  return read_entries(Fd(fd), path);
}

Result<std::vector<DirEntry>> list_folder(const std::string& path) {
  CAIRN_TRY_ASSIGN(Fd fd, open_file(path, O_RDONLY | O_DIRECTORY));
  return read_entries(std::move(fd), path);
}

Status remove_tree(const std::string& path) {
  return remove_tree_at(AT_FDCWD, path, path);
}

Status remove_tree_at(int dir, const std::string& name, const std::string& shown) {
  if (::unlinkat(dir, name.c_str(), 0) == 0 || is_missing(errno)) {
    return {};
  }
  int unlink_error = errno;
  int fd = ::openat(dir, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) {
    bool folder = errno != ENOTDIR && errno != ELOOP;
    return Error::from_errno(folder ? errno : unlink_error, "cannot remove", shown);
  }
  CAIRN_TRY(remove_content(Fd(fd), shown));
  if (::unlinkat(dir, name.c_str(), AT_REMOVEDIR) != 0 && !is_missing(errno)) {
    return Error::from_errno(errno, "cannot remove", shown);
  }
  return {};
}

}  // namespace cairn::os
