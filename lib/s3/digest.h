// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "transport/transport.h"

/// Hashes that the protocol asks for, by OpenSSL.
namespace cairn::s3 {

Buffer sha256(Bytes bytes);
Buffer hmac_sha256(Bytes key, std::string_view text);
Buffer md5(Bytes bytes);

enum class HashKind { sha256, md5 };
/// The hash of all that a source gives, which is rewound before. Errors: those of the source.
Result<Buffer> hash_of(transport::Source& source, HashKind kind);

}  // namespace cairn::s3
