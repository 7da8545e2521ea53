// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace cairn::ops {

/// "'a', 'b' and 3 more": at most five paths, for messages.
std::string some_paths(const std::vector<std::string>& paths);

}  // namespace cairn::ops
