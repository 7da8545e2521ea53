// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cairn::text {

/// True for bytes that Python names are made of; all of a character that is not ASCII.
bool is_python_name_byte(char c);

/// Offset after the number at `at`; nothing if Python has no such number (`012`, `1__0`, `1abc`, `0x`).
/// REQUIRES: a digit is there, or a dot and a digit. Internal to this module.
std::optional<std::size_t> python_number_end(std::string_view text, std::size_t at);

struct PythonNumber {
  enum class Kind : std::uint8_t { integer, floating, imaginary, too_large };
  Kind kind = Kind::too_large;
  std::int64_t integer = 0;
  double floating = 0;
};

/// The number written as `raw`, which python_number_end() accepted, with the sign before it. A float beyond
/// the range is infinite or zero, as in Python. too_large: an integer that does not fit. Internal to this
/// module.
PythonNumber read_python_number(std::string_view raw, bool negative);

}  // namespace cairn::text
