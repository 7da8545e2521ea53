// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace cairn::report {

/// What a cell or a whole column looks like.
enum class ValueType : std::uint8_t {
  empty,     ///< a missing value: nothing, NA, N/A, NaN, NULL or None
  boolean,   ///< true and false
  integer,   ///< with any number of digits
  number,    ///< with a fraction or an exponent, or infinite
  datetime,  ///< 2026-11-29, 2026-11-29T15:30:00Z, 15:30:00 and the like (ISO 8601)
  text,
};
inline constexpr std::size_t kValueTypes = 6;
/// "empty", "boolean", "integer", "number", "date", "text".
std::string_view type_name(ValueType type);
inline bool is_numeric(ValueType type) {
  return type == ValueType::integer || type == ValueType::number;
}

struct TypedCell {
  ValueType type = ValueType::empty;
  double number = 0;  ///< of integers and numbers
};
/// Spaces around the text do not count.
TypedCell type_cell(std::string_view text);
/// The same of a text that can only be a date or text.
ValueType type_text(std::string_view text);

}  // namespace cairn::report
