// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <atomic>
#include <memory>

#include "os/fd.h"

namespace cairn::runner {

/// A tiny process that kills process groups with SIGKILL should we die: PR_SET_PDEATHSIG reaches a shell, but
/// not what the shell has started. Linux lets nothing else notice the death of another process whatever its
/// cause. One guard watches all groups of this process; starting it costs a fork, a group costs two messages.
/// Threads: all functions may be called at once.
class DeathGuard {
 public:
  /// The guard of this process, started at the first call, and again when somebody has killed it.
  static Result<std::shared_ptr<DeathGuard>> shared();
  DeathGuard(const DeathGuard&) = delete;
  DeathGuard& operator=(const DeathGuard&) = delete;
  /// Ends the guard and waits for it, which takes no time. Groups that were not released are killed.
  ~DeathGuard();

  /// For os::ProcessOptions::announce_fd: a process group whose leader announces itself is watched.
  [[nodiscard]] int announce_fd() const { return life_line_.get(); }
  /// The group is on its own from here on.
  void release(pid_t group);

 private:
  DeathGuard(pid_t pid, pid_t owner, os::Fd life_line)
      : pid_(pid), owner_(owner), life_line_(std::move(life_line)) {}
  static Result<std::shared_ptr<DeathGuard>> start();
  [[nodiscard]] bool at_work() const;

  pid_t pid_;
  pid_t owner_;  ///< a fork of the owner needs its own guard
  os::Fd life_line_;
  std::atomic<bool> lost_{false};  ///< it did not take a message
};

}  // namespace cairn::runner
