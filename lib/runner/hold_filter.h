// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <linux/filter.h>

#include <vector>

#include "runner/hold.h"

namespace cairn::runner {

/// A filter that stops, for their tracer, the system calls that show what is held. `tell_cpus`: also how many
/// processors may be used. Internal to runner/.
std::vector<sock_filter> hold_filter(const Hold& hold, bool tell_cpus);

}  // namespace cairn::runner
