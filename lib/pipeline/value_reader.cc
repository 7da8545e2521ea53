// SPDX-License-Identifier: Apache-2.0
#include "pipeline/value_reader.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "pipeline/stage_path.h"

namespace cairn::pipeline {

using text::Entry;
using text::Kind;
using text::Position;
using text::Value;

void ValueReader::wrong_type(std::string_view key, std::string_view wanted, const Value& value) {
  problem(value.begin(), fmt::format("{} must be {}, not {}", quoted(key), wanted, value.type_name()));
}

std::optional<bool> ValueReader::boolean(std::string_view key, const Value& value) {
  if (!value.is(Kind::boolean)) {
    wrong_type(key, "true or false", value);
    return std::nullopt;
  }
  return value.bool_value();
}

std::optional<std::uint64_t> ValueReader::number(std::string_view key, const Value& value) {
  if (!value.is(Kind::integer)) {
    wrong_type(key, "an integer", value);
    return std::nullopt;
  }
  if (value.int_value() < 0) {
    problem(value.begin(), fmt::format("{} is negative", quoted(key)));
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(value.int_value());
}

std::optional<std::string> ValueReader::string(std::string_view key, const Value& value) {
  if (!value.is(Kind::string)) {
    wrong_type(key, "a string", value);
    return std::nullopt;
  }
  if (value.string_value().find('\0') != std::string::npos) {
    problem(value.begin(), fmt::format("{} holds a NUL character", quoted(key)));
    return std::nullopt;
  }
  return value.string_value();
}

std::span<const Value> ValueReader::list(std::string_view key, const Value& value) {
  if (!value.is(Kind::list)) {
    wrong_type(key, "a list", value);
  }
  return value.items();
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

}  // namespace cairn::pipeline
