// SPDX-License-Identifier: Apache-2.0
#include "base/escape.h"

#include <fmt/format.h>

#include <cstdint>

namespace cairn {
namespace {

/// Length of the well-formed UTF-8 sequence at the start of `text`, 0 if there is none; its code point goes
/// to `code_point`. Table 3-7 of the Unicode standard.
std::size_t decode(std::string_view text, std::uint32_t& code_point) {
  auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  auto continues = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xc0) == 0x80; };
  std::uint32_t lead = byte(0);
  if (lead < 0x80) {
    code_point = lead;
    return 1;
  }
  std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) {
    return 0;
  }
  code_point = lead & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (!continues(i)) {
      return 0;
    }
    code_point = code_point << 6 | (byte(i) & 0x3fu);
  }
  static constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
  return code_point >= kSmallest[length] && code_point <= 0x10ffff && !surrogate ? length : 0;
}

bool is_unsafe(std::uint32_t c) {
  bool control = c < 0x20 || (c >= 0x7f && c < 0xa0);
  bool bidi = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f;
  return control || bidi || c == 0x2028 || c == 0x2029;
}

std::string escape_one(std::uint32_t c) {
  switch (c) {
    case '\n':
      return "\\n";
    case '\t':
      return "\\t";
    case '\r':
      return "\\r";
    default:
      return c < 0x80 ? fmt::format("\\x{:02x}", c) : fmt::format("\\u{{{:x}}}", c);
  }
}

bool needs_escape(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    std::uint32_t c = 0;
    std::size_t length = decode(text.substr(i), c);
    if (length == 0 || is_unsafe(c)) {
      return true;
    }
    i += length;
  }
  return false;
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    std::uint32_t c = 0;
    std::size_t length = decode(text.substr(i), c);
    if (length == 0) {
      return false;
    }
    i += length;
  }
  return true;
}

std::string escaped(std::string_view text) {
  if (!needs_escape(text)) {
    return std::string(text);
  }
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::uint32_t c = 0;
    std::size_t length = decode(text.substr(i), c);
    if (length == 0) {
      out += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(text[i++]));
      continue;
    }
    if (c == '\\') {
      out += "\\\\";
    } else if (is_unsafe(c)) {
      out += escape_one(c);
    } else {
      out += text.substr(i, length);
    }
    i += length;
  }
  return out;
}

std::string quoted(std::string_view text) {
  return "'" + escaped(text) + "'";
}

}  // namespace cairn
