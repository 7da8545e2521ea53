// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "text/diagnostics.h"
#include "text/value.h"

namespace cairn::pipeline {

/// Reads values of one file and notes every problem. A reader that returns nothing has noted one. `key` names
/// the value in messages. Internal to this module.
class ValueReader {
 public:
  explicit ValueReader(text::Diagnostics& problems) : problems_(problems) {}

  void problem(const text::Position& at, std::string message) { problems_.add(at, std::move(message)); }
  void wrong_type(std::string_view key, std::string_view wanted, const text::Value& value);

  std::optional<bool> boolean(std::string_view key, const text::Value& value);
  /// Not negative.
  std::optional<std::uint64_t> number(std::string_view key, const text::Value& value);
  /// Without NUL characters.
  std::optional<std::string> string(std::string_view key, const text::Value& value);
  /// Items of a list; none for anything else.
  std::span<const text::Value> list(std::string_view key, const text::Value& value);
  /// Entries of a map; none for anything else.
  std::span<const text::Entry> map(std::string_view key, const text::Value& value);
  /// A path as resolve_path, from the project root; `at` is where it stands. Not the root itself.
  std::optional<std::string> path(std::string_view written, const text::Position& at, std::string_view base);

 private:
  text::Diagnostics& problems_;
};

}  // namespace cairn::pipeline
