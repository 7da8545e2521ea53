// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"

namespace cairn::ops {

/// The first few paths on one line: "a, b and 3 more".
std::string shortened(const std::vector<std::string>& paths);

/// "cairn: WORDS PATHS", as a hook says it beside what Git prints; nothing without paths.
void tell(Log& log, std::string_view words, const std::vector<std::string>& paths);

}  // namespace cairn::ops
