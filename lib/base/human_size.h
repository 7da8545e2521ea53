// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace cairn {

/// "1.50 GiB", "12.0 KiB", "7 B": three significant digits, powers of 1024.
std::string human_size(std::uint64_t bytes);

}  // namespace cairn
