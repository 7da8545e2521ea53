// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <string>

#include "os/process.h"

namespace cairn::runner {

/// A user's script to be run by a shell.
struct ShellCommand {
  std::string script;  ///< given to the shell whole, as one argument of -c
  std::string shell;   ///< program and options, as "bash -eo pipefail"
  std::string folder;  ///< absolute working folder
  std::map<std::string, std::optional<std::string>> env;
  int output_fd = 2;  ///< where its stdout and stderr go
  /// Last changes to how the shell is started: Isolation::wrap, then Trace::observe.
  std::function<void(os::ProcessOptions&)> adjust;
};

/// Runs the script to its end in a process group of its own, all of which is killed should we die. Once
/// `stop` is set the group gets SIGTERM, after 5 s SIGKILL. Errors: `not_found` for a shell that is not
/// installed (the message names `shell:`); how the script ended is the value. Threads: any number at once.
Result<os::ExitStatus> run_shell(const ShellCommand& command, const std::atomic<bool>& stop);

}  // namespace cairn::runner
