// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "os/fd.h"

namespace cairn::os {

/// How a child ended: an exit status, or the signal that killed it.
struct ExitStatus {
  int status = 0;  ///< 0-255; 128+signal when killed
  int signal = 0;  ///< 0 when it exited by itself
  [[nodiscard]] bool ok() const { return status == 0; }
};

/// What to run. REQUIRES: argv is not empty.
struct ProcessOptions {
  /// argv[0] is looked up in the child's PATH unless it holds a slash (then it is relative to `folder`).
  /// Empty and relative folders in PATH are passed over: a repository must not put its program in front of
  /// another.
  std::vector<std::string> argv;
  /// Working folder; "" keeps ours.
  std::string folder;
  /// Variables set, or removed where empty, over our environment.
  std::map<std::string, std::optional<std::string>> env;
  int stdin_fd = -1;   ///< -1: /dev/null
  int stdout_fd = -1;  ///< -1: ours
  int stderr_fd = -1;  ///< -1: ours
  /// Called in the child as the last thing before it is executed, where only async-signal-safe calls are
  /// allowed. An errno ends the child, and start() fails with it; 0 goes on.
  int (*before_exec)(void* data) = nullptr;
  void* before_exec_data = nullptr;
};

/// A running child in a process group of its own, which dies with us (PR_SET_PDEATHSIG: with the thread that
/// started it, so that thread waits for it, or at least outlives it). Signals have the system's default
/// actions in it, and none is blocked. The destructor ends the group with SIGKILL and reaps it if it was not
/// waited for. Threads: many may start processes at once; one Process belongs to one thread, but for
/// signal_group.
class Process {
 public:
  /// Error `not_found` when the program does not exist; the message names it. Once this returns, it has been
  /// executed.
  static Result<Process> start(const ProcessOptions& options);
  Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  Process& operator=(Process&&) = delete;
  ~Process();

  /// -1 once it was waited for.
  [[nodiscard]] pid_t pid() const { return pid_; }
  /// Sends `signal` to the whole group.
  void signal_group(int signal) const;
  /// Waits for the end of the child; what it left running in the background goes on. REQUIRES: not yet waited
  /// for.
  Result<ExitStatus> wait();
  /// Waits, looking at `stop` every 50 ms: once it is set the group gets SIGTERM, and what is left of it
  /// after 5 s SIGKILL; returns when the whole group is gone. REQUIRES: not yet waited for.
  Result<ExitStatus> wait(const std::atomic<bool>& stop);

 private:
  explicit Process(pid_t pid) : pid_(pid) {}
  pid_t pid_ = -1;
};

struct Captured {
  ExitStatus exit;
  std::string out;
  std::string err;
};
/// When capture() gives up, and kills the program's group.
struct CaptureLimits {
  std::chrono::milliseconds timeout{0};     ///< 0: none
  const std::atomic<bool>* stop = nullptr;  ///< looked at every 50 ms; null: none
};
/// Runs a short helper program to its end and keeps up to 16 MiB of each stream (the rest is read and
/// dropped). What it leaves in the background may keep the streams open: only what came before its own end is
/// kept. `stdout_fd` and `stderr_fd` are not used. Not for users' commands. Errors: as Process::start; `io`
/// after the timeout; `interrupted` once `stop` is set.
Result<Captured> capture(const ProcessOptions& options, const CaptureLimits& limits = {});

}  // namespace cairn::os
