// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "text/limits.h"
#include "text/value.h"

namespace cairn::text {

/// Reads a params file in the format that the suffix of `path` names: `.json`, `.toml`, `.py` (parse_python:
/// nothing is run), and YAML for `.yaml`, `.yml` and all else. Errors: malformed, as the parser. Cost:
/// linear.
Result<Value> parse_params(std::string_view text, std::string_view path, const Limits& limits = {});

}  // namespace cairn::text
