// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "os/fd.h"

namespace cairn::runner {

/// TMPDIR, or /tmp.
std::string temporary_folder();

/// Names that appear in folders while it lives (inotify), whoever makes them, also of what is gone again.
/// What is made deeper inside is not seen.
class NameWatch {
 public:
  /// Folders that cannot be watched are passed over.
  static Result<NameWatch> begin(const std::vector<std::string>& folders);
  /// Only so many are kept as the kernel's queue holds (16384 by default).
  std::set<std::string> finish();

 private:
  explicit NameWatch(os::Fd queue) : queue_(std::move(queue)) {}
  os::Fd queue_;
};

}  // namespace cairn::runner
