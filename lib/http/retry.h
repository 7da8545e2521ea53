// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>

#include "base/result.h"

namespace cairn::http {

/// How long a failure may take to pass.
enum class Patience {
  none,   ///< trying again changes nothing
  brief,  ///< a host that is not there or stalls: seldom passes
  full,   ///< a broken connection or a server that is too busy: often passes
};

struct RetryLimits {
  int attempts = 7;        ///< all in all, with Patience::full
  int brief_attempts = 3;  ///< with Patience::brief
  std::chrono::milliseconds first_wait{250};
  std::chrono::seconds total{15 * 60};  ///< no attempt begins later than that after the first
};

/// The error of a request that the user ended.
Error stopped();

/// Exponential backoff with full jitter (each wait is drawn between nothing and a bound that doubles), for
/// one request.
class Retry {
 public:
  Retry(const RetryLimits& limits, const std::atomic<bool>* stop)
      : limits_(limits), stop_(stop), started_(std::chrono::steady_clock::now()) {}

  /// Waits until it is time for the next attempt, at least `at_least` (the server's own wish); false when
  /// there shall be none. `interrupted` once `stop` is set.
  Result<bool> wait(Patience patience, std::chrono::seconds at_least);
  /// Attempts that were made.
  [[nodiscard]] int attempts() const { return attempts_; }

 private:
  const RetryLimits& limits_;
  const std::atomic<bool>* stop_;
  std::chrono::steady_clock::time_point started_;
  int attempts_ = 1;
};

}  // namespace cairn::http
