// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <utility>

#include "os/fd.h"

namespace cairn::runner {

/// A tiny process that kills a process group with SIGKILL should we die before release(): PR_SET_PDEATHSIG
/// reaches a shell, but not what the shell has started. Linux lets nothing else notice the death of another
/// process whatever its cause.
class DeathGuard {
 public:
  static Result<DeathGuard> watch(pid_t group);
  DeathGuard(DeathGuard&& other) noexcept
      : pid_(std::exchange(other.pid_, -1)), life_line_(std::move(other.life_line_)) {}
  DeathGuard& operator=(DeathGuard&&) = delete;
  ~DeathGuard();

  /// The group is on its own from here on. Waits for the guard to go, which takes no time.
  void release();

 private:
  DeathGuard(pid_t pid, os::Fd life_line) : pid_(pid), life_line_(std::move(life_line)) {}

  pid_t pid_ = -1;
  os::Fd life_line_;
};

}  // namespace cairn::runner
