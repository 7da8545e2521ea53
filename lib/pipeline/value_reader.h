// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/diagnostics.h"
#include "text/value.h"

namespace cairn::pipeline {

/// Reads values of one file and notes every problem. A reader that returns nothing has noted one. `key` names
/// the value in messages. A scalar of style `none`, which a template put there, is text too where a string is
/// wanted. Internal to this module.
class ValueReader {
 public:
  explicit ValueReader(text::Diagnostics& problems) : problems_(problems) {}

  /// The same message at the same place counts once.
  void problem(const text::Position& at, std::string message);
  /// All calls of problem() so far.
  [[nodiscard]] std::size_t problems() const { return count_; }

  /// From now on a stage is read that a loop made: "" for any other. What was told of one stage of the loops
  /// is not told again of others.
  void enter_stage(std::string loop_stage);
  /// Until the next stage, problems at this place are no news.
  void silence(const text::Position& at) { silenced_.insert(at.offset); }

  void wrong_type(std::string_view key, std::string_view wanted, const text::Value& value);
  /// The same for a value of the right type: its text is told.
  void wrong_value(std::string_view key, std::string_view wanted, const text::Value& value);
  /// `where` goes on with the message: "in stage 'train'".
  void unknown_key(const text::Entry& key, std::string_view where, std::span<const std::string_view> known);

  std::optional<bool> boolean(std::string_view key, const text::Value& value);
  std::optional<std::int64_t> integer(std::string_view key, const text::Value& value);
  /// Not negative.
  std::optional<std::uint64_t> number(std::string_view key, const text::Value& value);
  /// Without NUL characters.
  std::optional<std::string> string(std::string_view key, const text::Value& value);
  /// A string that holds more than white space.
  std::optional<std::string> filled(std::string_view key, const text::Value& value);
  /// A string that is one of these.
  std::optional<std::string> one_of(std::string_view key, const text::Value& value,
                                    std::span<const std::string_view> words);
  /// "90", 90, "1h30m" (parse_duration).
  std::optional<std::chrono::milliseconds> duration(std::string_view key, const text::Value& value);
  /// Items of a list; none for anything else.
  std::span<const text::Value> list(std::string_view key, const text::Value& value);
  /// The filled strings of a list.
  std::vector<std::string> strings(std::string_view key, const text::Value& value);
  /// Entries of a map; none for anything else.
  std::span<const text::Entry> map(std::string_view key, const text::Value& value);
  /// A path as resolve_path, from the project root; `at` is where it stands. Not the root itself.
  std::optional<std::string> path(std::string_view written, const text::Position& at, std::string_view base);
  /// The same with the value that holds it.
  std::optional<std::string> path(std::string_view key, const text::Value& value, std::string_view base);
  /// A folder: the root too, which is "".
  std::optional<std::string> folder(std::string_view key, const text::Value& value, std::string_view base);

 private:
  text::Diagnostics& problems_;
  std::size_t count_ = 0;
  std::string loop_stage_;
  std::set<std::size_t> silenced_;  // offsets
  std::set<std::pair<std::size_t, std::string>> told_;
};

}  // namespace cairn::pipeline
