// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

/// URLs that pointers keep. Internal to ops/.
namespace cairn::ops {

/// `usage` for a URL with a password in it, or over HTTP with a user, which may be a token: pointers are
/// committed. The message does not repeat it.
Status check_no_secret(std::string_view url);

/// A relative folder, which counts from `from`, as seen from `root`; any other URL as it is.
std::string placed_url(const std::string& url, const std::string& from, const std::string& root);

/// Whether a word of the command line is surely the URL of a repository: "https://…", "host:path".
bool looks_like_url(std::string_view word);

/// A URL without its user and password, for messages.
std::string shown_url(const std::string& url);

}  // namespace cairn::ops
