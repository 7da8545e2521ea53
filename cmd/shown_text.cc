// SPDX-License-Identifier: Apache-2.0
#include "shown_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/escape.h"

namespace cairn::cmd {
namespace {

/// Length of the colour sequence at the start of `text` ("ESC [ 1;31 m", ECMA-48), 0 if there is none.
std::size_t sgr_length(std::string_view text) {
  if (!text.starts_with("\x1b[")) {
    return 0;
  }
  const std::size_t end = text.find_first_not_of("0123456789;:", 2);
  return end != std::string_view::npos && text[end] == 'm' ? end + 1 : 0;
}

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};
/// Characters that take two columns: the large blocks of Unicode's East Asian Width W and F.
constexpr std::array<Range, 10> kWide = {{{0x1100, 0x115f},
                                          {0x2e80, 0xa4cf},
                                          {0xac00, 0xd7a3},
                                          {0xf900, 0xfaff},
                                          {0xfe30, 0xfe6f},
                                          {0xff00, 0xff60},
                                          {0xffe0, 0xffe6},
                                          {0x1f300, 0x1f64f},
                                          {0x1f680, 0x1faff},
                                          {0x20000, 0x3fffd}}};

std::size_t width_of(std::uint32_t c) {
  const bool wide = std::any_of(kWide.begin(), kWide.end(),
                                [c](const Range& range) { return c >= range.first && c <= range.last; });
  return wide ? 2 : 1;
}

/// The character at the start of well-formed UTF-8 text.
struct Character {
  std::size_t bytes;
  std::uint32_t code;
};
Character first_of(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text.front());
  const std::size_t bytes = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  std::uint32_t code = bytes == 1 ? lead : lead & (0x7fU >> bytes);
  for (std::size_t i = 1; i < bytes && i < text.size(); ++i) {
    code = code << 6 | (static_cast<std::uint8_t>(text[i]) & 0x3fU);
  }
  return {std::min(bytes, text.size()), code};
}

}  // namespace

std::string shown_line(std::string_view text, Sgr sgr) {
  std::string shown;
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find_first_of("\t\x1b"), text.size());
    shown += escaped(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) {
      break;
    }
    const std::size_t color = sgr_length(text);
    const std::size_t length = std::max<std::size_t>(color, 1);
    if (text.front() == '\t' || (color > 0 && sgr == Sgr::keep)) {
      shown += text.substr(0, length);
    } else if (color == 0) {
      shown += escaped(text.substr(0, 1));
    }
    text.remove_prefix(length);
  }
  return shown;
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const Character next = first_of(text);
    columns += width_of(next.code);
    text.remove_prefix(next.bytes);
  }
  return columns;
}

std::string cut_to(std::string_view text, std::size_t columns) {
  std::size_t taken = 0;
  std::size_t used = 0;
  std::size_t before_last = 0;  // where an ellipsis still fits
  while (taken < text.size()) {
    const Character next = first_of(text.substr(taken));
    if (used + width_of(next.code) > columns) {
      return std::string(text.substr(0, before_last)) + (columns > 0 ? "…" : "");
    }
    taken += next.bytes;
    used += width_of(next.code);
    if (used < columns) {
      before_last = taken;
    }
  }
  return std::string(text);
}

}  // namespace cairn::cmd
