// SPDX-License-Identifier: Apache-2.0
#include "pipeline/value_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/escape.h"
#include "pipeline/near_name.h"
#include "pipeline/quantity.h"
#include "pipeline/scalar_text.h"
#include "pipeline/stage_path.h"

namespace cairn::pipeline {

using text::Entry;
using text::Kind;
using text::Position;
using text::Value;

void ValueReader::problem(const Position& at, std::string message) {
  ++count_;
  if (silenced_.contains(at.offset)) {
    return;
  }
  constexpr std::size_t kRemembered = 10'000;
  if (told_.size() < kRemembered && !told_.emplace(at.offset, message).second) {
    return;
  }
  if (!loop_stage_.empty()) {
    message += fmt::format(" (stage {})", quoted(loop_stage_));
  }
  problems_.add(at, std::move(message));
}

void ValueReader::enter_stage(std::string loop_stage) {
  loop_stage_ = std::move(loop_stage);
  silenced_.clear();
}

void ValueReader::wrong_type(std::string_view key, std::string_view wanted, const Value& value) {
  problem(value.begin(), fmt::format("{} must be {}, not {}", quoted(key), wanted, value.type_name()));
}

void ValueReader::wrong_value(std::string_view key, std::string_view wanted, const Value& value) {
  const std::string found = value.is_scalar() ? quoted(scalar_text(value)) : std::string(value.type_name());
  problem(value.begin(), fmt::format("{} must be {}, not {}", quoted(key), wanted, found));
}

void ValueReader::unknown_key(const Entry& key, std::string_view where,
                              std::span<const std::string_view> known) {
  const std::string all = fmt::format("known are {}", fmt::join(known, ", "));
  problem(key.key_begin,
          fmt::format("unknown key {} {}: {}", quoted(key.key), where, did_you_mean(key.key, known, all)));
}

std::optional<bool> ValueReader::boolean(std::string_view key, const Value& value) {
  if (!value.is(Kind::boolean)) {
    wrong_type(key, "true or false", value);
    return std::nullopt;
  }
  return value.bool_value();
}

std::optional<std::int64_t> ValueReader::integer(std::string_view key, const Value& value) {
  if (!value.is(Kind::integer)) {
    wrong_type(key, "an integer", value);
    return std::nullopt;
  }
  return value.int_value();
}

std::optional<std::uint64_t> ValueReader::number(std::string_view key, const Value& value) {
  const std::optional<std::int64_t> signed_number = integer(key, value);
  if (signed_number && *signed_number < 0) {
    problem(value.begin(), fmt::format("{} is negative", quoted(key)));
    return std::nullopt;
  }
  return signed_number ? std::optional(static_cast<std::uint64_t>(*signed_number)) : std::nullopt;
}

std::optional<std::string> ValueReader::string(std::string_view key, const Value& value) {
  const bool pasted = value.is_scalar() && value.style() == text::Style::none;
  if (!value.is(Kind::string) && !pasted) {
    wrong_type(key, "a string", value);
    return std::nullopt;
  }
  std::string text = pasted_text(value);
  if (text.find('\0') != std::string::npos) {
    problem(value.begin(), fmt::format("{} holds a NUL character", quoted(key)));
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> ValueReader::filled(std::string_view key, const Value& value) {
  std::optional<std::string> text = string(key, value);
  if (text && text->find_first_not_of(" \t\r\n") == std::string::npos) {
    problem(value.begin(), fmt::format("{} is empty", quoted(key)));
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> ValueReader::one_of(std::string_view key, const Value& value,
                                               std::span<const std::string_view> words) {
  std::optional<std::string> text = string(key, value);
  if (text && std::find(words.begin(), words.end(), *text) == words.end()) {
    problem(value.begin(),
            fmt::format("{} is {}, not one of {}", quoted(key), quoted(*text), fmt::join(words, ", ")));
    return std::nullopt;
  }
  return text;
}

std::optional<std::chrono::milliseconds> ValueReader::duration(std::string_view key, const Value& value) {
  std::optional<std::chrono::milliseconds> time;
  if (value.is(Kind::integer) || value.is(Kind::floating) || value.is(Kind::string)) {
    time = parse_duration(scalar_text(value));
  }
  if (!time) {
    wrong_value(key, "a time such as 90, 1h30m or 500ms", value);
  }
  return time;
}

std::span<const Value> ValueReader::list(std::string_view key, const Value& value) {
  if (!value.is(Kind::list)) {
    wrong_type(key, "a list", value);
  }
  return value.items();
}

std::vector<std::string> ValueReader::strings(std::string_view key, const Value& value) {
  std::vector<std::string> texts;
  for (const Value& item : list(key, value)) {
    if (std::optional<std::string> text = filled(key, item)) {
      texts.push_back(std::move(*text));
    }
  }
  return texts;
}

std::span<const Entry> ValueReader::map(std::string_view key, const Value& value) {
  if (!value.is(Kind::map)) {
    wrong_type(key, "a map", value);
  }
  return value.entries();
}

std::optional<std::string> ValueReader::path(std::string_view written, const Position& at,
                                             std::string_view base) {
  Result<std::string> resolved = resolve_path(written, base);
  if (!resolved.ok()) {
    problem(at, resolved.error().message());
    return std::nullopt;
  }
  if (resolved->empty()) {
    problem(at, fmt::format("path {} is the project's own folder", quoted(written)));
    return std::nullopt;
  }
  return std::move(resolved).value();
}

std::optional<std::string> ValueReader::path(std::string_view key, const Value& value,
                                             std::string_view base) {
  const std::optional<std::string> written = string(key, value);
  return written ? path(*written, value.begin(), base) : std::nullopt;
}

std::optional<std::string> ValueReader::folder(std::string_view key, const Value& value,
                                               std::string_view base) {
  const std::optional<std::string> written = string(key, value);
  if (!written) {
    return std::nullopt;
  }
  Result<std::string> resolved = resolve_path(*written, base);
  if (!resolved.ok()) {
    problem(value.begin(), resolved.error().message());
    return std::nullopt;
  }
  return std::move(resolved).value();
}

}  // namespace cairn::pipeline
