// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "os/process.h"

namespace cairn::runner {

using os::Usage;

/// A user's script to be run by a shell.
struct ShellCommand {
  std::string script;                ///< given to the shell whole, as one argument of -c
  std::string shell;                 ///< program and options, as "bash -eo pipefail"
  std::vector<std::string> wrapper;  ///< put in front of the shell: {"podman", "run", …}
  std::string folder;                ///< absolute working folder
  std::map<std::string, std::optional<std::string>> env;
  std::chrono::milliseconds timeout{0};  ///< 0 is none
  int output_fd = 2;                     ///< where its stdout and stderr go
  /// Last changes to how the shell is started: Isolation::wrap, then Trace::observe.
  std::function<void(os::ProcessOptions&)> adjust;
};

/// How a command ended. `usage` is of the shell, or the wrapper, and of all that they waited for.
struct CommandResult {
  os::ExitStatus exit;
  bool timed_out = false;
  /// Processes of its group outlived it by more than a second, and were killed.
  bool left_processes = false;
  Usage usage;
};

/// Runs the script to its end in a process group of its own, all of which is killed should we die; nothing of
/// the group runs any more when this returns. stdin is empty. Once `stop` is set, or the timeout is over, the
/// group gets SIGTERM, after 5 s SIGKILL; once `kill` is set (null: never), SIGKILL at once. Errors:
/// `not_found` for a shell that is not installed (the message names `shell:`); how the script ended is the
/// value. Cost beyond the shell's own: some 0.2 ms. Threads: any number at once; the calling thread waits.
Result<CommandResult> run_shell(const ShellCommand& command, const std::atomic<bool>& stop,
                                const std::atomic<bool>* kill = nullptr);

}  // namespace cairn::runner
