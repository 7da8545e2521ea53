// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "text/diagnostics.h"
#include "text/limits.h"
#include "text/source.h"

namespace cairn::text {

/// Adds to `problems` if `source`, read as TOML, would have too many nodes, too deep brackets or too long
/// dotted keys. toml++ bounds arrays only: `a.a.a…=1` nests tables until their destructors overflow the
/// stack. What passes nests at most limits.depth² deep; the exact depth is for the caller to check. Follows
/// the text as long as it is valid TOML, which is as far as toml++ reads. Internal to this module.
void check_toml_limits(const Source& source, const Limits& limits, Diagnostics& problems);

}  // namespace cairn::text
