// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "os/process.h"

namespace cairn::os {

/// Both ends of a pipe(2), O_CLOEXEC. Internal to os/.
struct Pipe {
  Fd read_end;
  Fd write_end;
};
Result<Pipe> make_pipe();

/// Starts a program as Process::start promises; its process id, which is also its group's. Internal to os/.
Result<pid_t> fork_and_exec(const ProcessOptions& options);

}  // namespace cairn::os
