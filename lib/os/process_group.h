// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

namespace cairn::os {

/// True while a process of `group` runs. Those that have ended and wait to be reaped do not count: in a
/// container whose first process reaps nobody they would stay for ever. Costs a look at /proc. Internal to
/// os/.
bool group_runs(pid_t group);

}  // namespace cairn::os
