// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>

#include "transport/transport.h"

namespace cairn::transport {

/// Bytes of objects that came from a remote. Listings and sizes of objects do not count.
using ReadMeter = std::atomic<std::uint64_t>;

/// The same transport, which adds what it reads to `meter`; that must outlive it.
std::unique_ptr<Transport> metered(std::unique_ptr<Transport> transport, ReadMeter& meter);

}  // namespace cairn::transport
