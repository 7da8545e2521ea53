// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/result.h"

namespace cairn::s3 {

/// What requests are signed with.
struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  ///< "" for keys that last
  std::string source;         ///< where they came from, for messages
  std::optional<std::chrono::sys_seconds> expires;
};

/// "2026-05-24T10:00:00Z", also with a fraction or "+00:00"; nothing for anything else.
std::optional<std::chrono::sys_seconds> parse_time(const std::string& text);

/// From what a `credential_process` prints: JSON with Version 1, AccessKeyId, SecretAccessKey, and maybe
/// SessionToken and Expiration. Errors: `remote`; they never show the text.
Result<Credentials> parse_process_output(std::string_view text, const std::string& source);

}  // namespace cairn::s3
