// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "s3_place.h"
#include "support/test_server.h"

namespace cairn::test {

/// One Ceph for the whole test program, which is skipped where it is not installed.
const TestServer& ceph();

/// "NAME:PORT".
std::string host(const std::string& name, int port);

S3Service plain();
S3Service encrypted();
/// As a role, with a token.
S3Service session();

/// Every object of more than 1 MiB in parts.
inline constexpr s3::PartLimits kSmallParts{1u << 20, 1u << 20, 3};

/// Bytes that are others for each size.
std::string noise(std::size_t size);

}  // namespace cairn::test
