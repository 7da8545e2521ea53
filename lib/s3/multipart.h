// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <semaphore>
#include <string>

#include "s3/client.h"

namespace cairn::s3 {

/// How large objects are sent. The size of parts is fixed, so that an upload that was interrupted goes on
/// with the same parts.
struct PartLimits {
  std::uint64_t threshold = 64u << 20;  ///< larger objects are sent in parts
  std::uint64_t part_size = 8u << 20;   ///< more for objects of more than 10,000 parts
  unsigned workers = 4;                 ///< parts of one object that are sent at once
};

/// Parts in memory at once, over all uploads of a client.
inline constexpr int kMostParts = 8;
using PartSlots = std::counting_semaphore<kMostParts>;

/// Sends an object in parts, several at once, and goes on with an upload of the same object that was
/// interrupted: parts that are there with the same MD5 are not sent again. The object appears whole at the
/// end. `headers` go with the request that begins an upload. An interrupted upload stays on the server.
/// Returns the answer to the last request: that of success, or that which refused. Errors: as Client::send;
/// those of the source.
Result<http::Response> upload_in_parts(Client& client, const std::string& key, transport::Source& source,
                                       const http::Headers& headers, const PartLimits& limits,
                                       PartSlots& slots);

}  // namespace cairn::s3
