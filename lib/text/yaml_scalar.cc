// SPDX-License-Identifier: Apache-2.0
#include "text/yaml_scalar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/escape.h"
#include "text/source.h"

namespace cairn::text {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kDigitsOrLines = "0123456789_";

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// Removes the longest prefix of `text` made of `set`, and tells its length.
std::size_t skip(std::string_view& text, std::string_view set) {
  const std::size_t length = std::min(text.find_first_not_of(set), text.size());
  text.remove_prefix(length);
  return length;
}

std::string without_underscores(std::string_view text) {
  std::string out(text);
  std::erase(out, '_');
  return out;
}

/// Digits of `base` with underscores among them; nothing if there is no digit or another character.
std::optional<Plain> integer_of(std::string_view digits, bool negative, int base) {
  std::string text = without_underscores(digits);
  if (text.empty()) {
    return std::nullopt;
  }
  std::uint64_t magnitude = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), magnitude, base);
  if (end != text.data() + text.size()) {
    return std::nullopt;
  }
  const std::uint64_t most = static_cast<std::uint64_t>(INT64_MAX) + (negative ? 1u : 0u);
  if (error == std::errc::result_out_of_range || magnitude > most) {
    return Plain{.kind = PlainKind::too_large};
  }
  const std::uint64_t bits = negative ? 0 - magnitude : magnitude;
  return Plain{.kind = PlainKind::integer, .integer = static_cast<std::int64_t>(bits)};
}

std::optional<Plain> resolve_integer(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  constexpr std::pair<std::string_view, int> kBases[] = {{"0b", 2}, {"0o", 8}, {"0x", 16}};
  for (const auto& [prefix, base] : kBases) {
    if (text.starts_with(prefix)) {
      return integer_of(text.substr(prefix.size()), negative, base);
    }
  }
  return integer_of(text, negative, 10);
}

/// True for an optional exponent at the end. After a number that starts with a dot its sign is required.
bool is_exponent(std::string_view text, bool needs_sign) {
  if (text.empty()) {
    return true;
  }
  if (text.front() != 'e' && text.front() != 'E') {
    return false;
  }
  text.remove_prefix(1);
  const bool has_sign = text.starts_with('-') || text.starts_with('+');
  text.remove_prefix(has_sign ? 1 : 0);
  return (has_sign || !needs_sign) && skip(text, kDigits) > 0 && text.empty();
}

/// True for digits with a dot, an exponent or both. `text` has no sign.
bool has_float_form(std::string_view text) {
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    std::string_view fraction = text;
    const std::size_t length = skip(text, kDigitsOrLines);
    return fraction.substr(0, length).find_first_of(kDigits) != std::string_view::npos &&
           is_exponent(text, true);
  }
  if (text.starts_with('_') || skip(text, kDigitsOrLines) == 0) {
    return false;
  }
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    skip(text, kDigitsOrLines);
    return is_exponent(text, false);
  }
  return !text.empty() && is_exponent(text, false);
}

std::optional<Plain> resolve_float(std::string_view text) {
  if (one_of(text, {".nan", ".NaN", ".NAN"})) {
    return Plain{.kind = PlainKind::floating, .floating = std::nan("")};
  }
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  const double sign = negative ? -1.0 : 1.0;
  if (one_of(text, {".inf", ".Inf", ".INF"})) {
    return Plain{.kind = PlainKind::floating, .floating = sign * HUGE_VAL};
  }
  if (!has_float_form(text)) {
    return std::nullopt;
  }
  const std::string digits = without_underscores(text);
  double value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc::result_out_of_range) {
    return Plain{.kind = PlainKind::too_large};
  }
  if (error != std::errc() || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return Plain{.kind = PlainKind::floating, .floating = sign * value};
}

std::string float_text(double value) {
  if (std::isnan(value)) {
    return ".nan";
  }
  if (std::isinf(value)) {
    return value < 0 ? "-.inf" : ".inf";
  }
  std::array<char, 32> buffer{};
  auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  CAIRN_CHECK(error == std::errc());
  std::string text(buffer.data(), end);
  if (text.find_first_of(".e") == std::string::npos) {
    text += ".0";
  }
  return text;
}

bool is_safe(std::uint32_t c) {
  const bool control = c < 0x20 || (c >= 0x7f && c < 0xa0);
  const bool bidi =
      (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f;
  const bool break_or_mark = c == 0x2028 || c == 0x2029 || c == 0xfeff;
  return !control && !bidi && !break_or_mark && (c & 0xfffeu) != 0xfffeu;
}

std::string escape_one(std::uint32_t c) {
  switch (c) {
    case '\n':
      return "\\n";
    case '\t':
      return "\\t";
    case '\\':
      return "\\\\";
    case '"':
      return "\\\"";
    default:
      return c < 0x100     ? fmt::format("\\x{:02X}", c)
             : c < 0x10000 ? fmt::format("\\u{:04X}", c)
                           : fmt::format("\\U{:08X}", c);
  }
}

}  // namespace

Plain resolve_plain(std::string_view text) {
  if (one_of(text, {"", "~", "null", "Null", "NULL"})) {
    return {.kind = PlainKind::null};
  }
  if (one_of(text, {"true", "True", "TRUE"})) {
    return {.kind = PlainKind::boolean, .boolean = true};
  }
  if (one_of(text, {"false", "False", "FALSE"})) {
    return {.kind = PlainKind::boolean, .boolean = false};
  }
  if (text == "=") {
    return {.kind = PlainKind::value_indicator};
  }
  if (std::string_view("+-.0123456789").find(text.front()) == std::string_view::npos) {
    return {};
  }
  if (std::optional<Plain> number = resolve_float(text)) {
    return *number;
  }
  return resolve_integer(text).value_or(Plain{});
}

std::string non_string_text(const Value& value) {
  switch (value.kind()) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return value.bool_value() ? "true" : "false";
    case Kind::integer:
      return fmt::format("{}", value.int_value());
    case Kind::floating:
      return float_text(value.float_value());
    default:
      CAIRN_CHECK(false);
      return {};
  }
}

std::string double_quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const Character c = decode_utf8(text.substr(0, 4));
    CAIRN_CHECK(c.length > 0);
    const bool special = c.code_point == '"' || c.code_point == '\\' || !is_safe(c.code_point);
    out += special ? escape_one(c.code_point) : std::string(text.substr(0, c.length));
    text.remove_prefix(c.length);
  }
  return out + "\"";
}

bool is_printable(std::string_view text) {
  while (!text.empty()) {
    const Character c = decode_utf8(text.substr(0, 4));
    CAIRN_CHECK(c.length > 0);
    if (!is_safe(c.code_point)) {
      return false;
    }
    text.remove_prefix(c.length);
  }
  return true;
}

bool fits_plain(std::string_view text, Context context) {
  if (resolve_plain(text).kind != PlainKind::string || text == "<<" || !is_printable(text)) {
    return false;
  }
  // "?x", "-x" and ":x" are fine in block context; one rule for both contexts keeps files alike.
  const bool indicator = std::string_view(",[]{}#&*!|>'\"%@`?:").find(text.front()) != std::string_view::npos;
  const bool dash = text.front() == '-' && (text.size() == 1 || text[1] == ' ');
  const bool document = text.starts_with("---") || text.starts_with("...");
  const bool space = text.front() == ' ' || text.back() == ' ';
  if (indicator || dash || document || space || text.back() == ':') {
    return false;
  }
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos) {
    return false;
  }
  return context == Context::block || text.find_first_of(",[]{}?:") == std::string_view::npos;
}

std::string inline_string(std::string_view text, Context context) {
  return fits_plain(text, context) ? std::string(text) : double_quoted(text);
}

}  // namespace cairn::text
