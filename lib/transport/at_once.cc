// SPDX-License-Identifier: Apache-2.0
#include "transport/at_once.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "os/parallel.h"

namespace cairn::transport {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned kFirst = 4;
constexpr unsigned kMost = 32;
/// A connection that is new has found its rate by then.
constexpr std::chrono::milliseconds kInterval{500};
constexpr double kGain = 1.1;
constexpr unsigned kRest = 20;  // measurements
/// What the round trip of a request is worth in bytes, so that those without bytes count too.
constexpr double kBytesOfRequest = 64 << 10;

/// Hands out the calls of each_at_once() to more and more workers.
class Calls {
 public:
  Calls(std::size_t count, const Context& context, const std::function<Status(std::size_t)>& body)
      : count_(count), context_(context), body_(body), requests_(kFirst, kMost) {}

  Status run() {
    const auto most = static_cast<unsigned>(std::min<std::size_t>(count_, kMost));
    return os::run_workers(most + 1, [this](unsigned worker) {
      return worker == kObserver ? observe() : work(worker < kObserver ? worker : worker - 1);
    });
  }

 private:
  /// The worker that measures. Not the first, which has to work where no thread can be made.
  static constexpr unsigned kObserver = 1;

  Status work(unsigned place) {
    for (;;) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return ended() || place < requests_.now(); });
      if (ended()) {
        return {};
      }
      const std::size_t i = next_++;
      if (ended()) {
        changed_.notify_all();
      }
      lock.unlock();
      Status status = body_(i);
      ++done_;
      if (!status.ok()) {
        lock.lock();
        next_ = count_;
        changed_.notify_all();
        return status;
      }
    }
  }

  Status observe() {
    double before = work_done();
    auto start = Clock::now();
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, kInterval, [this] { return ended(); })) {
      const auto now = Clock::now();
      const double after = work_done();
      requests_.measured((after - before) / std::chrono::duration<double>(now - start).count());
      before = after;
      start = now;
      changed_.notify_all();
    }
    return {};
  }

  [[nodiscard]] bool ended() const { return next_ >= count_; }
  [[nodiscard]] double work_done() const {
    return static_cast<double>(context_.progress.bytes_done) + static_cast<double>(done_) * kBytesOfRequest;
  }

  const std::size_t count_;
  const Context& context_;
  const std::function<Status(std::size_t)>& body_;
  std::atomic<std::size_t> done_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t next_ = 0;
  RequestCount requests_;
};

}  // namespace

void RequestCount::measured(double rate) {
  if (rate <= 0) {
    return;  // nothing came at all, which says nothing about the count
  }
  if (rest_ > 0) {
    best_rate_ = (best_rate_ + rate) / 2;
    now_ = --rest_ == 0 ? std::min(most_, held_ * 2) : held_;
  } else if (rate >= best_rate_ * kGain) {
    best_rate_ = rate;
    held_ = now_;
    now_ = std::min(most_, now_ * 2);
  } else {
    now_ = held_;
    rest_ = kRest;
  }
}

Status each_at_once(std::size_t count, const Context& context,
                    const std::function<Status(std::size_t)>& body) {
  const unsigned fixed = context.requests != 0 ? context.requests : kFirst;
  if (context.requests != 0 || count <= kFirst) {
    return os::parallel_for(count, fixed, 1, body);
  }
  return Calls(count, context, body).run();
}

}  // namespace cairn::transport
