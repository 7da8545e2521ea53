// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transport/transport.h"

namespace cairn::transport {

// What backends answer alike.

/// The state of a file: "2024-05-01T12:00:00Z", with nine more digits where the clock has them.
ObjectState file_state(std::uint64_t size, std::int64_t mtime_ns);

/// Of put_if_absent where the name is taken by an object of `there` bytes.
Status check_taken(const Transport& transport, const std::string& name, std::uint64_t there,
                   std::uint64_t ours);
/// Of get for an object that is not there.
Error not_there(const Transport& transport, const std::string& name);

}  // namespace cairn::transport
