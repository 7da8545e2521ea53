// SPDX-License-Identifier: Apache-2.0
#include "http/retry.h"

#include <algorithm>
#include <random>
#include <thread>

namespace cairn::http {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStopStep{50};
constexpr milliseconds kLongestBackoff{30'000};

milliseconds drawn_below(milliseconds bound) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  return milliseconds(std::uniform_int_distribution<milliseconds::rep>(0, bound.count())(random));
}

}  // namespace

Error stopped() {
  return {Code::interrupted, "interrupted", "nothing half-done was left; run the command again"};
}

Result<bool> Retry::wait(Patience patience, std::chrono::seconds at_least) {
  const int allowed = patience == Patience::full    ? limits_.attempts
                      : patience == Patience::brief ? limits_.brief_attempts
                                                    : 1;
  const milliseconds bound =
      std::min(kLongestBackoff, limits_.first_wait * (1 << std::min(attempts_ - 1, 10)));
  const milliseconds pause = std::max<milliseconds>(at_least, drawn_below(bound));
  const auto until = std::chrono::steady_clock::now() + pause;
  if (attempts_ >= allowed || until - started_ > limits_.total) {
    return false;
  }
  ++attempts_;
  while (std::chrono::steady_clock::now() < until) {
    if (stop_ != nullptr && stop_->load()) {
      return stopped();
    }
    std::this_thread::sleep_for(
        std::min<std::chrono::nanoseconds>(kStopStep, until - std::chrono::steady_clock::now()));
  }
  return true;
}

}  // namespace cairn::http
