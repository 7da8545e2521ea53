// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "http/message.h"
#include "s3/credentials.h"

namespace cairn::s3 {

using Query = std::vector<std::pair<std::string, std::string>>;

/// In place of the hash of a body that TLS protects.
inline constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";

/// What is signed, beside the headers of a request.
struct ToSign {
  std::string method;
  std::string host;          ///< as in the header `Host`
  std::string path;          ///< percent-encoded once
  std::string query;         ///< canonical_query()
  std::string payload_hash;  ///< hex of SHA-256 of the body, or kUnsignedPayload
  std::string region;
};

/// Parameters sorted, with all but unreserved characters percent-encoded: "a=1&b=".
std::string canonical_query(Query query);

/// Adds the headers x-amz-date, x-amz-content-sha256, x-amz-security-token and Authorization. The host and
/// all headers are signed. Algorithm: AWS Signature Version 4 for S3 (AWS4-HMAC-SHA256; "Signature
/// Calculations for the Authorization Header", Amazon S3 API Reference).
void sign(const ToSign& what, const Credentials& credentials, std::chrono::sys_seconds now,
          http::Headers& headers);

}  // namespace cairn::s3
