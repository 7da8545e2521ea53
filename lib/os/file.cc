// SPDX-License-Identifier: Apache-2.0
#include "os/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/escape.h"
#include "os/fd.h"
#include "os/path.h"
#include "os/retry.h"

namespace cairn::os {
namespace {

Kind kind_of(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return Kind::file;
    case S_IFDIR:
      return Kind::folder;
    case S_IFLNK:
      return Kind::symlink;
    default:
      return Kind::other;
  }
}

std::int64_t nanoseconds(const struct timespec& t) {
  return std::int64_t{t.tv_sec} * 1'000'000'000 + std::int64_t{t.tv_nsec};
}

Error too_long(const std::string& path, std::uint64_t limit) {
  return {Code::malformed,
          "cannot read " + quoted(path) + ": it is longer than " + std::to_string(limit) + " bytes"};
}

/// Reads to the end, whatever stat said of the size: files in /proc claim none, and a file may grow
/// meanwhile.
Result<Buffer> read_all(int fd, std::size_t expected, std::uint64_t limit, const std::string& path) {
  Buffer out(expected + 1);
  std::size_t done = 0;
  while (true) {
    ssize_t got = retry([&] { return ::read(fd, out.data() + done, out.size() - done); });
    if (got < 0) {
      return Error::from_errno(errno, "cannot read", path);
    }
    done += static_cast<std::size_t>(got);
    if (done > limit) {
      return too_long(path, limit);
    }
    if (got == 0) {
      out.resize(done);
      return out;
    }
    if (done == out.size()) {
      out.resize(std::max<std::size_t>(4096, out.size() * 2));
    }
  }
}

}  // namespace

FileStat to_file_stat(const struct stat& st) {
  FileStat out;
  out.kind = kind_of(st.st_mode);
  out.size = static_cast<std::uint64_t>(st.st_size);
  out.mtime_ns = nanoseconds(st.st_mtim);
  out.ctime_ns = nanoseconds(st.st_ctim);
  out.inode = st.st_ino;
  out.device = st.st_dev;
  out.links = st.st_nlink;
  out.mode = st.st_mode & 07777;
  return out;
}

Result<std::optional<FileStat>> find_stat(const std::string& path) {
  return find_stat_at(AT_FDCWD, path);
}

Result<std::optional<FileStat>> find_stat_at(int dir, const std::string& path) {
  struct stat st {};
  if (retry([&] { return ::fstatat(dir, path.c_str(), &st, AT_SYMLINK_NOFOLLOW); }) == 0) {
    return std::optional(to_file_stat(st));
  }
  if (errno == ENOENT || errno == ENOTDIR) {
    return std::optional<FileStat>();
  }
  return Error::from_errno(errno, "cannot stat", path);
}

Result<FileStat> stat_fd(int fd, std::string_view path) {
  struct stat st {};
  if (retry([&] { return ::fstat(fd, &st); }) != 0) {
    return Error::from_errno(errno, "cannot stat", path);
  }
  return to_file_stat(st);
}

Result<Buffer> read_file(const std::string& path, std::uint64_t limit) {
  // O_NONBLOCK so that a pipe at this place is an error and not a command that hangs.
  CAIRN_TRY_ASSIGN(Fd fd, open_file(path, O_RDONLY | O_NONBLOCK));
  struct stat st {};
  if (retry([&] { return ::fstat(fd.get(), &st); }) != 0) {
    return Error::from_errno(errno, "cannot stat", path);
  }
  if (S_ISFIFO(st.st_mode)) {
    return Error(Code::io, "cannot read " + quoted(path) + ": it is a pipe, not a file");
  }
  auto size = S_ISREG(st.st_mode) ? static_cast<std::uint64_t>(st.st_size) : 0;
  if (size > limit) {
    return too_long(path, limit);
  }
  return read_all(fd.get(), static_cast<std::size_t>(size), limit, path);
}

Result<std::optional<Buffer>> find_file(const std::string& path, std::uint64_t limit) {
  Result<Buffer> bytes = read_file(path, limit);
  if (bytes.ok()) {
    return std::optional(std::move(bytes).value());
  }
  if (bytes.error().code() == Code::not_found) {
    return std::optional<Buffer>();
  }
  return std::move(bytes.error());
}

Status make_folders(const std::string& path, Durable durable, unsigned mode) {
  struct stat st {};
  if (path.empty() || (retry([&] { return ::stat(path.c_str(), &st); }) == 0 && S_ISDIR(st.st_mode))) {
    return {};
  }
  std::string_view bare = path;
  while (bare.size() > 1 && bare.ends_with('/')) {
    bare.remove_suffix(1);
  }
  std::string parent(parent_of(bare));
  CAIRN_TRY(make_folders(parent, durable, mode));
  if (::mkdir(path.c_str(), mode) != 0) {
    int err = errno;
    // Another process may have made it since.
    bool there = err == EEXIST && ::stat(path.c_str(), &st) == 0 && S_ISDIR(st.st_mode);
    return there ? Status() : Error::from_errno(err, "cannot create folder", path);
  }
  if (durable == Durable::no) {
    return {};
  }
  return sync_folder(parent.empty() ? (bare.front() == '/' ? "/" : ".") : parent);
}

Status sync_folder(const std::string& path) {
  CAIRN_TRY_ASSIGN(Fd fd, open_file(path, O_RDONLY | O_DIRECTORY));
  return sync_folder(fd.get(), path);
}

Status sync_folder(int dir, std::string_view path) {
  // EINVAL: a file system that has no such thing as syncing a folder (some FUSE and SMB mounts).
  if (::fsync(dir) != 0 && errno != EINVAL) {
    return Error::from_errno(errno, "cannot sync folder", path);
  }
  return {};
}

Status remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) {
    return Error::from_errno(errno, "cannot remove", path);
  }
  return {};
}

Status rename_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    int err = errno;
    return Error::from_errno(err, "cannot rename " + quoted(from) + " to", to);
  }
  return {};
}

Result<std::string> read_link_at(int dir, const std::string& path) {
  std::string target(256, '\0');
  while (true) {
    ssize_t length = retry([&] { return ::readlinkat(dir, path.c_str(), target.data(), target.size()); });
    if (length < 0) {
      return Error::from_errno(errno, "cannot read link", path);
    }
    if (static_cast<std::size_t>(length) < target.size()) {  // else it may have been cut
      target.resize(static_cast<std::size_t>(length));
      return target;
    }
    target.resize(target.size() * 2);
  }
}

}  // namespace cairn::os
