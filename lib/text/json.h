// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "text/limits.h"
#include "text/value.h"

namespace cairn::text {

/// Reads one JSON document, with NaN, Infinity and -Infinity as Python writes them. A byte order mark is
/// accepted. Errors: malformed, as parse_yaml(): syntax, duplicate keys (both places), integers beyond int64,
/// an empty text, anything above `limits`. Cost: linear.
Result<Value> parse_json(std::string_view text, std::string_view path, const Limits& limits = {});

}  // namespace cairn::text
