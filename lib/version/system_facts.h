// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "text/value.h"

namespace cairn::version {

/// What this machine is: os, kernel, machine, libc, cpu, cpu_level, cpus, and gpus with driver where there
/// are any (docs/format/environment.md). No name of the host. What cannot be found out is left out. Found out
/// once a process; cost of the first call: a few small reads, and one run of nvidia-smi where a driver
/// without its own list is loaded. Threads: any.
const text::Value& system_facts();

}  // namespace cairn::version
