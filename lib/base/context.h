// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"

namespace cairn {

/// Receives what the user should read besides the result. Threads: implementations are safe to call from any.
class Log {
 public:
  virtual ~Log() = default;
  /// Something the user must know although the command goes on. Shown unless quiet.
  virtual void warn(std::string_view message) = 0;
  /// What is being done, for people. Shown unless quiet.
  virtual void info(std::string_view message) = 0;
  /// Detail, shown with -v.
  virtual void debug(std::string_view message) = 0;
};

/// How far a command is. Workers add to the counters without locks; the terminal draws them.
class Progress {
 public:
  std::atomic<std::uint64_t> bytes_done{0};
  std::atomic<std::uint64_t> bytes_total{0};  ///< 0 while unknown
  std::atomic<std::uint64_t> items_done{0};
  std::atomic<std::uint64_t> items_total{0};  ///< 0 while unknown

  /// Starts a new phase ("adding", "pushing"): all counters go to zero.
  void start(std::string_view phase, std::uint64_t bytes, std::uint64_t items);
  [[nodiscard]] std::string phase() const;

 private:
  mutable std::mutex mutex_;
  std::string phase_;
};

/// What every long-running function is given: where to tell, how far it is, and whether to stop.
/// Lifetime: all three outlive the call; a stop flag is set by the first Ctrl-C.
struct Context {
  Log& log;
  Progress& progress;
  const std::atomic<bool>& stop;
  unsigned jobs = 1;  ///< worker threads to use, at least 1
  /// Set by a second Ctrl-C: commands that are still running are killed at once. Null: there is none.
  const std::atomic<bool>* kill = nullptr;
  unsigned requests = 0;  ///< requests to a remote at once; 0: as many as prove to be fastest

  /// Error `interrupted` once the user asked to stop.
  [[nodiscard]] Status check_stop() const;
};

}  // namespace cairn
