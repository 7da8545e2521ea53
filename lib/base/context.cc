// SPDX-License-Identifier: Apache-2.0
#include "base/context.h"

namespace cairn {

void Progress::start(std::string_view phase, std::uint64_t bytes, std::uint64_t items) {
  std::lock_guard lock(mutex_);
  phase_ = phase;
  bytes_done = 0;
  items_done = 0;
  bytes_total = bytes;
  items_total = items;
}

std::string Progress::phase() const {
  std::lock_guard lock(mutex_);
  return phase_;
}

Status Context::check_stop() const {
  if (stop.load(std::memory_order_relaxed)) {
    return Error(Code::interrupted, "interrupted", "nothing half-done was left; run the command again");
  }
  return {};
}

}  // namespace cairn
