// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "transport/transport.h"

namespace cairn::transport {

/// The least rate: below it a server may take the pauses for a connection that has ended.
inline constexpr std::uint64_t kSlowestPace = 10'000;

/// The same transport, which moves at most so many bytes of objects a second, all its transfers together, in
/// both directions. Pauses are short and even, so that nobody takes them for a stall.
/// REQUIRES: bytes_per_second >= kSlowestPace.
std::unique_ptr<Transport> paced(std::unique_ptr<Transport> transport, std::uint64_t bytes_per_second);

}  // namespace cairn::transport
