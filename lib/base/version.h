// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace cairn {

/// Version of this build (the namespace has the shorter name), "1.2.3".
std::string_view own_version();

}  // namespace cairn
