// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

#include "base/context.h"
#include "base/result.h"

namespace cairn::transport {

/// Looks for the number of requests at once at which a transfer is fastest: doubles it while that brings a
/// tenth more, goes back by one step where it does not, and tries again after a while, since networks change.
class RequestCount {
 public:
  /// Begins with `first`, never goes above `most`.
  RequestCount(unsigned first, unsigned most) : now_(first), held_(first), most_(most) {}

  [[nodiscard]] unsigned now() const { return now_; }
  /// Takes how fast it went with now() at once, in any unit, and decides what now() is from here on.
  void measured(double rate);

 private:
  unsigned now_;
  unsigned held_;  ///< the best so far, at best_rate_
  unsigned most_;
  double best_rate_ = 0;
  unsigned rest_ = 0;  ///< measurements until more are tried again
};

/// Calls body(i) once for every i below `count`, several at once: context.requests, or while that is 0 as
/// many as a RequestCount finds, by the bytes that context.progress counts and the calls that are done. Stops
/// handing out after the first error and returns it. For bodies that wait for the network or a disk: up
/// to 32 run at once, however few processors there are.
Status each_at_once(std::size_t count, const Context& context,
                    const std::function<Status(std::size_t)>& body);

}  // namespace cairn::transport
