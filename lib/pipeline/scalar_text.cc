// SPDX-License-Identifier: Apache-2.0
#include "pipeline/scalar_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace cairn::pipeline {
namespace {

using text::Kind;

/// Shortest digits that give the same double, with an exponent below 1e-4 and from 1e16 on.
std::string float_repr(double value) {
  if (std::isnan(value)) {
    return "nan";
  }
  if (std::isinf(value)) {
    return value < 0 ? "-inf" : "inf";
  }
  const double size = std::fabs(value);
  const bool scientific = size != 0 && (size < 1e-4 || size >= 1e16);
  std::array<char, 64> buffer{};
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                    scientific ? std::chars_format::scientific : std::chars_format::fixed);
  CAIRN_CHECK(error == std::errc());
  std::string text(buffer.data(), end);
  if (text.find_first_of(".e") == std::string::npos) {
    text += ".0";
  }
  return text;
}

}  // namespace

std::string pasted_text(const text::Value& value) {
  switch (value.kind()) {
    case Kind::null:
      return "None";
    case Kind::boolean:
      return value.bool_value() ? "true" : "false";
    case Kind::integer:
      return fmt::to_string(value.int_value());
    case Kind::floating:
      return float_repr(value.float_value());
    default:
      return value.string_value();
  }
}

std::string scalar_text(const text::Value& value) {
  const bool written = value.style() != text::Style::none;
  return written && !value.is(Kind::boolean) ? value.raw() : pasted_text(value);
}

}  // namespace cairn::pipeline
