// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace cairn::http {

/// A date as HTTP has it: "Sun, 06 Nov 1994 08:49:37 GMT"; nothing for anything else. REQUIRES: load_curl().
std::optional<std::chrono::sys_seconds> parse_date(const std::string& text);

}  // namespace cairn::http
