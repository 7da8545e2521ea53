// SPDX-License-Identifier: Apache-2.0
#include "pipeline/quantity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace cairn::pipeline {
namespace {

constexpr std::string_view kDigits = "0123456789";

struct Unit {
  std::string_view name;
  double factor;
};

/// Takes "12" or "1.5" from the front of `text`.
std::optional<double> take_number(std::string_view& text) {
  const std::size_t whole = std::min(text.find_first_not_of(kDigits), text.size());
  std::size_t length = whole;
  if (length < text.size() && text[length] == '.') {
    length = std::min(text.find_first_not_of(kDigits, length + 1), text.size());
    if (length == whole + 1) {
      return std::nullopt;
    }
  }
  double number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + length, number, std::chars_format::fixed);
  if (whole == 0 || parsed.ec != std::errc()) {
    return std::nullopt;
  }
  text.remove_prefix(length);
  return number;
}

/// Takes the unit, all letters at the front of `text`.
template <std::size_t N>
std::optional<double> take_unit(std::string_view& text, const std::array<Unit, N>& units) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto end = std::find_if_not(text.begin(), text.end(), is_letter);
  const std::string_view name = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  for (const Unit& unit : units) {
    if (unit.name == name) {
      text.remove_prefix(name.size());
      return unit.factor;
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> whole(double number, double most) {
  if (!(number <= most)) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(std::llround(number));
}

constexpr std::array<Unit, 5> kTimes{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};
constexpr double kTenYears = 3653.0 * 86'400'000;

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  double total = 0;
  bool first = true;
  do {
    const std::optional<double> number = take_number(text);
    if (!number) {
      return std::nullopt;
    }
    const bool seconds = first && text.empty();
    const std::optional<double> unit = seconds ? std::optional<double>(1000) : take_unit(text, kTimes);
    if (!unit) {
      return std::nullopt;
    }
    total += *number * *unit;
    first = false;
  } while (!text.empty());
  const std::optional<std::uint64_t> milliseconds = whole(total, kTenYears);
  if (!milliseconds) {
    return std::nullopt;
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(*milliseconds));
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  static constexpr std::array<Unit, 11> kUnits{{{"", 1},
                                                {"B", 1},
                                                {"kB", 1e3},
                                                {"KB", 1e3},
                                                {"MB", 1e6},
                                                {"GB", 1e9},
                                                {"TB", 1e12},
                                                {"KiB", 1024},
                                                {"MiB", 1048576},
                                                {"GiB", 1073741824},
                                                {"TiB", 1099511627776.0}}};
  constexpr double kMost = 1152921504606846976.0;
  const std::optional<double> number = take_number(text);
  if (number && text.starts_with(' ')) {
    text.remove_prefix(1);
  }
  const std::optional<double> unit = number ? take_unit(text, kUnits) : std::nullopt;
  return unit && text.empty() ? whole(*number * *unit, kMost) : std::nullopt;
}

std::optional<std::uint64_t> parse_thousandths(std::string_view text) {
  constexpr double kMost = 1e9;
  const std::size_t dot = text.find('.');
  if (dot != std::string_view::npos && text.size() - dot > 4) {
    return std::nullopt;
  }
  const std::optional<double> number = take_number(text);
  return number && text.empty() ? whole(*number * 1000, kMost) : std::nullopt;
}

}  // namespace cairn::pipeline
