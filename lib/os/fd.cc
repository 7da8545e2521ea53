// SPDX-License-Identifier: Apache-2.0
#include "os/fd.h"

#include <unistd.h>

#include "base/escape.h"
#include "os/retry.h"

namespace cairn::os {

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) {
      ::close(fd_);
    }
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

Fd::~Fd() {
  if (fd_ >= 0) {
    ::close(fd_);
  }
}

Status Fd::close(std::string_view path) {
  // Never retried: the descriptor is gone whatever close says. EINTR too is reported, for then nobody knows
  // whether the last bytes reached the server.
  if (fd_ >= 0 && ::close(release()) != 0) {
    return Error::from_errno(errno, "cannot close", path);
  }
  return {};
}

Result<Fd> open_file(const std::string& path, int flags, unsigned mode) {
  return open_at(AT_FDCWD, path, flags, mode);
}

Result<Fd> open_at(int dir, const std::string& path, int flags, unsigned mode) {
  int fd = retry([&] { return ::openat(dir, path.c_str(), flags | O_CLOEXEC, mode); });
  if (fd < 0) {
    return Error::from_errno(errno, (flags & O_CREAT) != 0 ? "cannot create" : "cannot open", path);
  }
  return Fd(fd);
}

Result<std::size_t> read_at(int fd, std::span<std::uint8_t> out, std::uint64_t offset,
                            std::string_view path) {
  std::size_t done = 0;
  while (done < out.size()) {
    auto at = static_cast<off_t>(offset + done);
    ssize_t got = retry([&] { return ::pread(fd, out.data() + done, out.size() - done, at); });
    if (got < 0) {
      return Error::from_errno(errno, "cannot read", path);
    }
    if (got == 0) {
      break;
    }
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Status read_exactly_at(int fd, std::span<std::uint8_t> out, std::uint64_t offset, std::string_view path) {
  CAIRN_TRY_ASSIGN(std::size_t got, read_at(fd, out, offset, path));
  if (got != out.size()) {
    return Error(Code::corrupt, "cannot read " + quoted(path) + ": it ends at byte " +
                                    std::to_string(offset + got) + ", before byte " +
                                    std::to_string(offset + out.size()));
  }
  return {};
}

Status write_at(int fd, Bytes bytes, std::uint64_t offset, std::string_view path) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    auto at = static_cast<off_t>(offset + done);
    ssize_t put = retry([&] { return ::pwrite(fd, bytes.data() + done, bytes.size() - done, at); });
    if (put <= 0) {  // a write of nothing would loop for ever
      return Error::from_errno(put < 0 ? errno : EIO, "cannot write", path);
    }
    done += static_cast<std::size_t>(put);
  }
  return {};
}

Status sync_data(int fd, std::string_view path) {
  if (::fdatasync(fd) != 0) {
    return Error::from_errno(errno, "cannot sync", path);
  }
  return {};
}

}  // namespace cairn::os
