// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "os/fd.h"

namespace cairn::os {

enum class LockMode { shared, exclusive };

/// A lock on a file that is never deleted, by F_OFD_SETLK on the whole file: the kernel frees it when the
/// holder dies, so there are no stale locks. Two descriptors of one process exclude each other too.
class FileLock {
 public:
  /// Waits up to `patience`, trying every 20 ms; then error `locked`, which names the holder (command, pid
  /// and host that it wrote into the file). The file and its folder are made where missing. File systems
  /// without working locks (ENOLCK, ENOSYS, EOPNOTSUPP) are error `unsupported`.
  static Result<FileLock> acquire(const std::string& path, LockMode mode, std::chrono::milliseconds patience);

 private:
  explicit FileLock(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

}  // namespace cairn::os
