// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "os/process.h"

namespace cairn::os {

/// `raw` as waitpid gives it. Internal to os/.
ExitStatus to_exit_status(int raw);

/// Becomes readable when the process has ended. Empty on kernels before 5.3. Internal to os/.
Fd open_pidfd(pid_t pid);

}  // namespace cairn::os
