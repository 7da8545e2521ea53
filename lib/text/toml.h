// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "text/limits.h"
#include "text/value.h"

namespace cairn::text {

/// Reads a TOML 1.0 document. Dates and times become strings as they are written. Keys stand in the order of
/// the file. An empty text is an empty map. Errors: malformed, as parse_yaml(); toml++ stops at the first
/// syntax error or duplicate key. Positions of tables that have no header of their own are those of the first
/// header that implies them.
Result<Value> parse_toml(std::string_view text, std::string_view path, const Limits& limits = {});

}  // namespace cairn::text
