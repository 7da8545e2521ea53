// SPDX-License-Identifier: Apache-2.0
#include "report/value_type.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace cairn::report {
namespace {

constexpr std::array<std::string_view, 8> kMissing = {"NA",  "N/A",  "n/a",  "NaN",
                                                      "nan", "NULL", "null", "None"};
constexpr std::array<std::string_view, 6> kBooleans = {"true", "false", "True", "False", "TRUE", "FALSE"};

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Whether `text` begins like `pattern`, in which 0 stands for any digit.
bool fits(std::string_view text, std::string_view pattern) {
  return text.size() >= pattern.size() &&
         std::equal(pattern.begin(), pattern.end(), text.begin(),
                    [](char wanted, char c) { return wanted == '0' ? is_digit(c) : c == wanted; });
}

/// "15:30", "15:30:00", "15:30:00.123", with "Z", "+01:00" or "+0100" behind it.
bool is_time(std::string_view text) {
  if (!fits(text, "00:00")) {
    return false;
  }
  text.remove_prefix(5);
  if (fits(text, ":00")) {
    text.remove_prefix(3);
    if (fits(text, ".0") || fits(text, ",0")) {
      const auto end = std::find_if_not(text.begin() + 1, text.end(), is_digit);
      text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    }
  }
  if (text.empty() || text == "Z" || text == "z") {
    return true;
  }
  const bool zone = text.front() == '+' || text.front() == '-';
  text.remove_prefix(zone ? 1 : 0);
  return zone && ((text.size() == 5 && fits(text, "00:00")) || (text.size() == 4 && fits(text, "0000")));
}

bool is_datetime(std::string_view text) {
  if (!fits(text, "0000-00-00")) {
    return is_time(text);
  }
  text.remove_prefix(10);
  return text.empty() || ((text.front() == 'T' || text.front() == ' ') && is_time(text.substr(1)));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') {
    text.remove_prefix(1);
  }
  while (!text.empty() && text.back() == ' ') {
    text.remove_suffix(1);
  }
  return text;
}

/// A cell that begins like a number and is none.
TypedCell type_other(std::string_view text) {
  if (is_one_of(text, kMissing)) {
    return {};
  }
  if (is_one_of(text, kBooleans)) {
    return {ValueType::boolean, 0};
  }
  return {is_datetime(text) ? ValueType::datetime : ValueType::text, 0};
}

}  // namespace

std::string_view type_name(ValueType type) {
  static constexpr std::array<std::string_view, kValueTypes> kNames = {"empty",  "boolean", "integer",
                                                                       "number", "date",    "text"};
  return kNames.at(static_cast<std::size_t>(type));
}

ValueType type_text(std::string_view text) {
  return is_datetime(text) ? ValueType::datetime : ValueType::text;
}

TypedCell type_cell(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) {
    return {};
  }
  const char* begin = text.data() + (text.front() == '+' && text.size() > 1 && text[1] != '-' ? 1 : 0);
  const char* const end = text.data() + text.size();
  std::int64_t whole = 0;
  const auto [after, error] = std::from_chars(begin, end, whole);
  if (error == std::errc() && after == end) {
    return {ValueType::integer, static_cast<double>(whole)};
  }
  const bool integer = after == end && error == std::errc::result_out_of_range;
  const bool fraction = error == std::errc() && (*after == '.' || *after == 'e' || *after == 'E');
  // Most texts are told from ".5" and "-inf" by their first byte.
  const bool other =
      error == std::errc::invalid_argument && std::string_view("-.iI").find(*begin) != std::string_view::npos;
  const bool maybe_number = integer || fraction || other;
  double number = 0;
  if (maybe_number) {
    const auto [number_end, number_error] = std::from_chars(begin, end, number);
    if (number_error == std::errc() && number_end == end && !std::isnan(number)) {
      return {integer ? ValueType::integer : ValueType::number, number};
    }
  }
  return type_other(text);
}

}  // namespace cairn::report
