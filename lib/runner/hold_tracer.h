// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <atomic>
#include <optional>
#include <set>
#include <unordered_map>

#include "runner/hold_calls.h"

namespace cairn::runner {

/// Traces a held command with all the processes that it starts: the process that does it does nothing else.
/// Internal to runner/.
class HoldTracer {
 public:
  /// `threads_seen` is set when two threads run in one process.
  HoldTracer(const Hold& hold, std::atomic<bool>& threads_seen) : calls_(hold), threads_seen_(threads_seen) {}

  /// Takes hold of a child of ours that waits for it: 0 or an errno.
  int seize(pid_t leader);
  /// Until the leader has ended, and what it left has, or a second more: the leader's status, as waitpid
  /// gives it. When we end, the kernel kills what is left.
  int run();

 private:
  struct Thread {
    pid_t process = 0;
    std::optional<HeldOpen> open;  ///< it is at
  };
  using Threads = std::unordered_map<pid_t, Thread>;

  void stopped(pid_t thread, int status);
  void event(pid_t thread, Thread& state, int event, int signal);
  void created(pid_t by, pid_t thread);
  void executed(pid_t thread);
  void ended(pid_t thread);
  void adopt_waiting();
  void resume(pid_t thread, int signal);

  HoldCalls calls_;
  std::atomic<bool>& threads_seen_;
  pid_t leader_ = 0;
  Threads threads_;
  std::unordered_map<pid_t, HeldProcess> processes_;
  std::set<pid_t> waiting_;  ///< stopped before we were told who made them
};

}  // namespace cairn::runner
