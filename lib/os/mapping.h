// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace cairn::os {

/// A file mapped read-only. Only for files that are never changed in place once they have their name (index
/// segments, stat cache): a file truncated under a mapping kills the process. Network file systems are read
/// into memory instead.
class Mapping {
 public:
  /// `not_found` when there is no such file. An empty file maps to no bytes.
  static Result<Mapping> open(const std::string& path);
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  ~Mapping();
  [[nodiscard]] Bytes bytes() const { return bytes_; }

 private:
  Mapping() = default;
  Bytes bytes_;
  Buffer copy_;  // used where mmap is not safe
  bool mapped_ = false;
};

}  // namespace cairn::os
