// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace cairn {

/// True when `text` is well-formed UTF-8 (no overlong forms, surrogates or code points above U+10FFFF).
bool is_utf8(std::string_view text);

/// `text` made safe to show on a terminal: control characters, bytes that are not UTF-8, and bidirectional
/// controls become \n, \t, \xHH or \u{HEX}; a backslash is doubled only when something else was escaped too.
std::string escaped(std::string_view text);

/// escaped(text) between single quotes.
std::string quoted(std::string_view text);
/// The same; an exact match, so that std::quoted is never taken for a std::string.
inline std::string quoted(const std::string& text) {
  return quoted(std::string_view(text));
}
inline std::string quoted(std::string& text) {
  return quoted(std::string_view(text));
}

}  // namespace cairn
