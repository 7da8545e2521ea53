// SPDX-License-Identifier: Apache-2.0
#include "transport/paced.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>

#include "transport/forwarding.h"

namespace cairn::transport {
namespace {

/// Pieces of a second in which bytes are let through.
constexpr std::uint64_t kStepsPerSecond = 20;

/// Lets bytes through at an even rate. Threads: any.
class Pace {
 public:
  explicit Pace(std::uint64_t bytes_per_second) : bytes_per_second_(bytes_per_second) {}

  [[nodiscard]] std::size_t step() const { return bytes_per_second_ / kStepsPerSecond; }

  /// Returns when the bytes that were let through before are paid for.
  void take(std::uint64_t bytes) {
    Clock::time_point begin;
    {
      const std::lock_guard lock(mutex_);
      begin = std::max(Clock::now(), next_);
      next_ = begin + std::chrono::nanoseconds(bytes * std::nano::den / bytes_per_second_);
    }
    std::this_thread::sleep_until(begin);
  }

 private:
  using Clock = std::chrono::steady_clock;
  const std::uint64_t bytes_per_second_;
  std::mutex mutex_;
  Clock::time_point next_;
};

class PacedSource : public Source {
 public:
  PacedSource(Source& inner, Pace& pace) : inner_(inner), pace_(pace) {}

  [[nodiscard]] std::uint64_t size() const override { return inner_.size(); }
  Status rewind() override { return inner_.rewind(); }
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    std::size_t done = 0;
    while (done < out.size()) {
      const std::size_t wanted = std::min(pace_.step(), out.size() - done);
      CAIRN_TRY_ASSIGN(const std::size_t got, inner_.read(out.subspan(done, wanted)));
      pace_.take(got);
      done += got;
      if (got < wanted) {
        break;
      }
    }
    return done;
  }

 private:
  Source& inner_;
  Pace& pace_;
};

class Paced : public ForwardingTransport {
 public:
  Paced(std::unique_ptr<Transport> inner, std::uint64_t bytes_per_second)
      : ForwardingTransport(std::move(inner)), pace_(bytes_per_second) {}

  Status get(const std::string& name, std::optional<Range> range, const Sink& sink) override {
    return ForwardingTransport::get(name, range, [&](Bytes piece) {
      pace_.take(piece.size());
      return sink(piece);
    });
  }
  Status put_if_absent(const std::string& name, Source& source) override {
    PacedSource slow(source, pace_);
    return ForwardingTransport::put_if_absent(name, slow);
  }

 private:
  Pace pace_;
};

}  // namespace

std::unique_ptr<Transport> paced(std::unique_ptr<Transport> transport, std::uint64_t bytes_per_second) {
  return std::make_unique<Paced>(std::move(transport), bytes_per_second);
}

}  // namespace cairn::transport
