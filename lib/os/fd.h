// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"

namespace cairn::os {

/// Owns one file descriptor; -1 when empty. Move-only.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept;
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd();

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  /// Closes now and reports a failure (a network file system may report a lost write only here).
  Status close(std::string_view path);

 private:
  int fd_ = -1;
};

/// open(2) and openat(2), always O_CLOEXEC, retried on EINTR. `dir` may be AT_FDCWD.
Result<Fd> open_file(const std::string& path, int flags, unsigned mode = 0666);
Result<Fd> open_at(int dir, const std::string& path, int flags, unsigned mode = 0666);

/// Reads until `out` is full or the file ends; the number of bytes read. `path` is for the error text only.
Result<std::size_t> read_at(int fd, std::span<std::uint8_t> out, std::uint64_t offset, std::string_view path);
/// Reads exactly out.size() bytes; a shorter file is error `corrupt`.
Status read_exactly_at(int fd, std::span<std::uint8_t> out, std::uint64_t offset, std::string_view path);
/// Writes all of `bytes` at `offset`.
Status write_at(int fd, Bytes bytes, std::uint64_t offset, std::string_view path);
/// fdatasync(2). A failure means that what was written is lost: never call again and believe it.
Status sync_data(int fd, std::string_view path);

}  // namespace cairn::os
