// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "text/value.h"

namespace cairn::text {

/// What a plain YAML scalar means. Internal to this module.
enum class PlainKind : std::uint8_t { null, boolean, integer, floating, string, too_large, value_indicator };

struct Plain {
  PlainKind kind = PlainKind::string;
  bool boolean = false;
  std::int64_t integer = 0;
  double floating = 0;
};

/// Types a plain scalar by the rules of YAML 1.2 as DVC's loader (ruamel.yaml) applies them: `yes` is a
/// string, `010` is 10, `0o10` is 8, `1_000` is 1000, `1e3` a float, `2024-01-01` and `12:30:45` are strings.
/// too_large: a number that fits neither int64 nor a finite double. value_indicator: a bare `=`.
Plain resolve_plain(std::string_view text);

/// The one way in which cairn writes null, booleans, integers and floats. A float keeps its type: "1.0".
/// REQUIRES: a scalar that is no string.
std::string non_string_text(const Value& value);

/// `text` in double quotes, everything that is not safe to show escaped. REQUIRES: is_utf8(text).
std::string double_quoted(std::string_view text);

/// True when `text` may be shown as it is: no control characters, line breaks, bidirectional controls, byte
/// order marks or noncharacters. Tabs are not. REQUIRES: is_utf8(text).
bool is_printable(std::string_view text);

enum class Context : std::uint8_t { block, flow };

/// True when `text`, written without quotes on one line, reads back as the same string.
bool fits_plain(std::string_view text, Context context);

/// `text` as a key or value on one line: plain if that reads back, else double-quoted.
std::string inline_string(std::string_view text, Context context);

}  // namespace cairn::text
