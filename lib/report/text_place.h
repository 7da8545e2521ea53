// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace cairn::report {

/// True for the second and further bytes of a character in UTF-8.
inline bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Line and column behind the bytes that were passed, both from 1; columns count characters.
class TextPlace {
 public:
  void pass(std::string_view text) {
    if (const std::size_t last = text.rfind('\n'); last != std::string_view::npos) {
      line_ += static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
      column_ = 1;
      text.remove_prefix(last + 1);
    }
    column_ += static_cast<std::uint64_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
  }
  [[nodiscard]] std::uint64_t line() const { return line_; }
  [[nodiscard]] std::uint64_t column() const { return column_; }

 private:
  std::uint64_t line_ = 1;
  std::uint64_t column_ = 1;
};

}  // namespace cairn::report
