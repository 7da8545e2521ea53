// SPDX-License-Identifier: Apache-2.0
#include "text/python_number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

#include "base/result.h"

namespace cairn::text {
namespace {

/// Words that may follow a number without a space: `1if x else 2`.
constexpr std::string_view kWordsAfter[] = {"and", "else", "for", "if", "in", "is", "not", "or"};

char byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? text[at] : '\0';
}

bool is_digit(char c, int base) {
  const int value = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : 99;
  return value < base;
}

/// Offset after digits with single underscores between them.
std::size_t after_digits(std::string_view text, std::size_t at, int base) {
  while (is_digit(byte_at(text, at), base)) {
    at += byte_at(text, at + 1) == '_' && is_digit(byte_at(text, at + 2), base) ? 2u : 1u;
  }
  return at;
}

/// Base that the prefix of `raw` names; 10 without one.
int base_of(std::string_view raw) {
  const char letter = byte_at(raw, 0) == '0' ? byte_at(raw, 1) : '\0';
  return letter == 'x' || letter == 'X'   ? 16
         : letter == 'o' || letter == 'O' ? 8
         : letter == 'b' || letter == 'B' ? 2
                                          : 10;
}

/// Offset after the exponent at `at`; `at` if none is there.
std::size_t after_exponent(std::string_view text, std::size_t at) {
  if (byte_at(text, at) != 'e' && byte_at(text, at) != 'E') {
    return at;
  }
  const char sign = byte_at(text, at + 1);
  const std::size_t digits = at + (sign == '+' || sign == '-' ? 2 : 1);
  const std::size_t end = after_digits(text, digits, 10);
  return end == digits ? at : end;
}

std::optional<std::size_t> decimal_end(std::string_view text, std::size_t at) {
  const std::size_t whole = after_digits(text, at, 10);
  std::size_t end = whole;
  if (byte_at(text, end) == '.') {
    end = after_digits(text, end + 1, 10);
  }
  end = after_exponent(text, end);
  if (byte_at(text, end) == 'j' || byte_at(text, end) == 'J') {
    ++end;
  }
  const std::string_view digits = text.substr(at, whole - at);
  if (end == whole && digits.starts_with('0') && digits.find_first_not_of("0_") != std::string_view::npos) {
    return std::nullopt;  // 012: octal in Python 2
  }
  return end;
}

/// True if the decimal `digits`, known to be beyond a double's range, is too large rather than too small.
bool overflows(std::string_view digits) {
  const std::size_t letter = std::min(digits.find_first_of("eE"), digits.size());
  const std::size_t dot = std::min(digits.find('.'), letter);
  const std::size_t first = digits.find_first_not_of("0.");
  std::string_view exponent = digits.substr(std::min(letter + 1, digits.size()));
  exponent.remove_prefix(exponent.starts_with('+') ? 1 : 0);
  long long power = 0;
  auto [end, error] = std::from_chars(exponent.data(), exponent.data() + exponent.size(), power);
  if (error == std::errc::result_out_of_range) {
    return !exponent.starts_with('-');
  }
  return power + static_cast<long long>(dot) - static_cast<long long>(first) > 0;
}

PythonNumber read_float(const std::string& digits, bool negative) {
  double value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc::result_out_of_range) {
    value = overflows(digits) ? HUGE_VAL : 0.0;
  }
  return {.kind = PythonNumber::Kind::floating, .floating = negative ? -value : value};
}

}  // namespace

bool is_python_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         (static_cast<unsigned char>(c) & 0x80u) != 0;
}

std::optional<std::size_t> python_number_end(std::string_view text, std::size_t at) {
  const int base = base_of(text.substr(at, 2));
  std::optional<std::size_t> end;
  if (base == 10) {
    end = decimal_end(text, at);
  } else {
    const std::size_t digits = at + (byte_at(text, at + 2) == '_' ? 3 : 2);
    const std::size_t after = after_digits(text, digits, base);
    end = after == digits ? std::nullopt : std::optional(after);
  }
  if (!end.has_value()) {
    return std::nullopt;
  }
  std::size_t word_end = *end;
  while (word_end < text.size() && is_python_name_byte(text[word_end])) {
    ++word_end;
  }
  const std::string_view word = text.substr(*end, word_end - *end);
  const bool allowed = word.empty() || std::find(std::begin(kWordsAfter), std::end(kWordsAfter), word) !=
                                           std::end(kWordsAfter);
  return allowed ? end : std::nullopt;
}

PythonNumber read_python_number(std::string_view raw, bool negative) {
  const int base = base_of(raw);
  std::string digits(raw.substr(base == 10 ? 0 : 2));
  std::erase(digits, '_');
  if (base == 10 && (digits.ends_with('j') || digits.ends_with('J'))) {
    return {.kind = PythonNumber::Kind::imaginary};
  }
  if (base == 10 && digits.find_first_of(".eE") != std::string::npos) {
    return read_float(digits, negative);
  }
  std::uint64_t magnitude = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), magnitude, base);
  const std::uint64_t most = static_cast<std::uint64_t>(INT64_MAX) + (negative ? 1u : 0u);
  if (error == std::errc::result_out_of_range || magnitude > most) {
    return {.kind = PythonNumber::Kind::too_large};
  }
  CAIRN_CHECK(error == std::errc() && end == digits.data() + digits.size());
  const std::uint64_t bits = negative ? 0 - magnitude : magnitude;
  return {.kind = PythonNumber::Kind::integer, .integer = static_cast<std::int64_t>(bits)};
}

}  // namespace cairn::text
