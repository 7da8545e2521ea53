// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "http/client.h"

namespace cairn::http {

/// Streams a resource, or a range of it of at least one byte, into `sink`; each byte once: after a broken
/// connection it asks for the rest. Length and range are checked. Returns the answer with a status of 2xx
/// then, else the answer that says why not. Errors: `remote` for an answer that is not what was asked for
/// (another range, all instead of a part, compressed, of no known length, too short or changed meanwhile),
/// and as Client.
Result<Response> download(Client& client, const Request& request, std::optional<transport::Range> range,
                          const transport::Sink& sink);

/// The size of the whole resource from `Content-Range: bytes 0-9/100` or `bytes */100`; nothing without.
std::optional<std::uint64_t> size_in_content_range(const Response& response);

/// From `Content-Length`; nothing without.
std::optional<std::uint64_t> length_of(const Response& response);
/// What the headers of a whole resource tell: its length (0 where it is unknown), ETag, Last-Modified.
transport::ObjectState state_of(const Response& response);

}  // namespace cairn::http
