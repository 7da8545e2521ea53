// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace cairn::report {

/// The number that `text` is as a whole, read by std::from_chars ("nan" and "inf" are numbers of type
/// double); nothing for any other text.
template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number number{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

}  // namespace cairn::report
