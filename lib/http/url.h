// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace cairn::http {

/// An absolute URL without user, password, query and fragment.
struct Url {
  std::string scheme;     ///< lower case
  std::string authority;  ///< host, or HOST:PORT where the port is not the scheme's own; IPv6 in brackets
  std::string path;       ///< percent-encoded; begins with a slash and ends with none, or ""

  [[nodiscard]] std::string text() const { return scheme + "://" + authority + path; }
};

/// Reads SCHEME://HOST[:PORT][/PATH] with any scheme. Errors: `usage` for what is no such URL or has more
/// parts; a user or password in it is not repeated.
Result<Url> parse_url(std::string_view text);

/// The absolute URL that a `Location` header means, which may be relative to `base`. `remote` for what is no
/// URL.
Result<std::string> resolve_url(const std::string& base, const std::string& location);

/// Scheme, host and path of a URL for messages: no user, password, query or fragment.
std::string redacted(const std::string& url);

/// The scheme, host and port of a URL.
std::string origin_of(const std::string& url);

}  // namespace cairn::http
