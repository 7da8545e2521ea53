// SPDX-License-Identifier: Apache-2.0
#include "pipeline/override.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <set>

#include "base/escape.h"
#include "pipeline/stage.h"
#include "text/yaml.h"

namespace cairn::pipeline {
namespace {

using text::Value;

constexpr std::size_t kMaxCombinations = 10'000;

Error bad(std::string_view written, const std::string& why) {
  return {Code::usage, "cannot read " + quoted(written) + ": " + why,
          "write [FILE:]KEY=VALUE, as in params.yaml:train.lr=0.1"};
}

/// Parts between commas that stand in no quotes or brackets; nothing when one of these is not closed.
std::optional<std::vector<std::string_view>> split_at_commas(std::string_view text) {
  constexpr std::string_view kBeforeQuote = ",[{(: ";  // elsewhere it is an apostrophe
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  int depth = 0;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    bool escaped_quote = quote == '\'' && text.substr(i).starts_with("''");
    if (escaped_quote || (quote == '"' && c == '\\')) {
      ++i;
    } else if (quote != 0) {
      quote = c == quote ? '\0' : quote;
    } else if ((c == '"' || c == '\'') && (i == 0 || kBeforeQuote.find(text[i - 1]) != kBeforeQuote.npos)) {
      quote = c;
    } else if (c == '[' || c == '{' || c == '(') {
      ++depth;
    } else if (c == ']' || c == '}' || c == ')') {
      --depth;
    } else if (c == ',' && depth == 0) {
      parts.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  parts.push_back(text.substr(begin));
  return quote == 0 && depth == 0 ? std::optional(std::move(parts)) : std::nullopt;
}

std::string_view trimmed(std::string_view text) {
  std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

Result<Value> parse_value(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) {
    return Value::string("");
  }
  CAIRN_TRY_ASSIGN(Value value, text::parse_yaml(text, "value"));
  if (value.style() == text::Style::block) {
    return Value::string(text);  // "a: b" is text here
  }
  return value;
}

/// What stands between "NAME(" and ")"; nothing for any other text.
std::optional<std::string_view> inside_call(std::string_view text, std::string_view name) {
  bool call = text.starts_with(name) && text.substr(name.size()).starts_with('(') && text.ends_with(')');
  return call ? std::optional(text.substr(name.size() + 1, text.size() - name.size() - 2)) : std::nullopt;
}

/// Numbers of range(); whole ones where all that was written is whole.
struct Range {
  double start = 0;
  double stop = 0;
  double step = 1;
  bool whole = true;
};

Result<Range> parse_range(std::string_view arguments, std::string_view written) {
  std::vector<double> numbers;
  Range range;
  for (std::string_view part : split_at_commas(arguments).value_or(std::vector<std::string_view>())) {
    CAIRN_TRY_ASSIGN(Value value, parse_value(part));
    if (!value.is(text::Kind::integer) && !value.is(text::Kind::floating)) {
      return bad(written, quoted(part) + " is no number");
    }
    range.whole = range.whole && value.is(text::Kind::integer);
    CAIRN_TRY_ASSIGN(double number, value.as_double(""));
    numbers.push_back(number);
  }
  if (numbers.empty() || numbers.size() > 3) {
    return bad(written, "range takes a stop, or start, stop and step");
  }
  range.stop = numbers.size() == 1 ? numbers[0] : numbers[1];
  range.start = numbers.size() == 1 ? 0 : numbers[0];
  range.step = numbers.size() == 3 ? numbers[2] : 1;
  if (!std::isfinite(range.start + range.stop + range.step) || range.step == 0) {
    return bad(written, "the step of a range is not 0, and its numbers are finite");
  }
  return range;
}

Result<std::vector<Value>> values_of(const Range& range, std::string_view written) {
  // A little short of a whole number of steps, so that 0.3 is not in range(0, 0.3, 0.1).
  double steps = std::ceil((range.stop - range.start) / range.step - 1e-9);
  if (steps < 1) {
    return bad(written, "the range is empty");
  }
  if (steps > static_cast<double>(kMaxCombinations)) {
    return bad(written, "the range is too long");
  }
  std::vector<Value> values;
  for (std::size_t i = 0; i < static_cast<std::size_t>(steps); ++i) {
    double number = range.start + static_cast<double>(i) * range.step;
    // 0.1 * 3 is 0.30000000000000004: the number that was meant has few digits.
    double rounded = std::strtod(fmt::format("{:.12g}", number).c_str(), nullptr);
    values.push_back(range.whole ? Value::integer(static_cast<std::int64_t>(number))
                                 : Value::floating(rounded));
  }
  return values;
}

Result<std::vector<Value>> parse_values(std::string_view text, std::string_view written) {
  text = trimmed(text);
  if (auto arguments = inside_call(text, "range")) {
    CAIRN_TRY_ASSIGN(Range range, parse_range(*arguments, written));
    return values_of(range, written);
  }
  auto parts = split_at_commas(inside_call(text, "choice").value_or(text));
  if (!parts) {
    return bad(written, "a quote or bracket is not closed");
  }
  std::vector<Value> values;
  for (std::string_view part : *parts) {
    auto value = parse_value(part);
    if (!value.ok()) {
      return bad(written, quoted(part) + " is no value");
    }
    values.push_back(std::move(*value));
  }
  return values;
}

}  // namespace

Result<OverrideChoices> parse_override(std::string_view written) {
  std::size_t equals = written.find('=');
  if (equals == std::string_view::npos) {
    return bad(written, "there is no '='");
  }
  std::string_view name = written.substr(0, equals);
  OverrideChoices choices;
  std::size_t colon = name.rfind(':');
  choices.first.file = colon == std::string_view::npos ? kDefaultParams : name.substr(0, colon);
  std::string_view key = colon == std::string_view::npos ? name : name.substr(colon + 1);
  if (key.starts_with('+')) {
    choices.first.add = true;
    key.remove_prefix(1);
  }
  choices.first.key = key;
  bool empty_part =
      key.empty() || key.starts_with('.') || key.ends_with('.') || key.find("..") != std::string_view::npos;
  if (empty_part || choices.first.file.empty() || !is_utf8(written)) {
    return bad(written, "the key is not a dotted path");
  }
  CAIRN_TRY_ASSIGN(choices.values, parse_values(written.substr(equals + 1), written));
  choices.first.value = choices.values.front();
  return choices;
}

Result<std::vector<std::vector<Override>>> all_combinations(const std::vector<OverrideChoices>& choices) {
  std::set<std::pair<std::string, std::string>> seen;
  std::vector<std::vector<Override>> combinations(1);
  for (const OverrideChoices& one : choices) {
    if (!seen.emplace(one.first.file, one.first.key).second) {
      return Error(Code::usage, quoted(one.first.key) + " is set twice",
                   "give several values as " + escaped(one.first.key) + "=A,B");
    }
    if (combinations.size() * one.values.size() > kMaxCombinations) {
      return Error(Code::usage, "these are more than " + std::to_string(kMaxCombinations) + " experiments");
    }
    std::vector<std::vector<Override>> longer;
    for (const std::vector<Override>& start : combinations) {
      for (const Value& value : one.values) {
        longer.push_back(start);
        longer.back().push_back(one.first);
        longer.back().back().value = value;
      }
    }
    combinations = std::move(longer);
  }
  return combinations;
}

}  // namespace cairn::pipeline
