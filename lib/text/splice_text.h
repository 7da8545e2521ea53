// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "text/value.h"
#include "text/yaml_emitter.h"

namespace cairn::text {

/// Lines and places of a YAML text that was read into a tree. Internal to this module. Offsets are bytes.
class SpliceText {
 public:
  explicit SpliceText(std::string_view text) : text_(text) {}

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::size_t line_begin(std::size_t offset) const;
  /// Offset of the line's "\n", or of its "\r\n"; the end of the text for the last line.
  [[nodiscard]] std::size_t line_end(std::size_t offset) const;
  /// Start of the next line.
  [[nodiscard]] std::size_t after_line(std::size_t offset) const;

  /// Where the text of `value` ends, without the line end and blank lines behind a block scalar.
  [[nodiscard]] std::size_t end_of(const Value& value) const;
  /// Start of the line after `value`, after the comment lines that follow at once, indented by `column` or
  /// more.
  [[nodiscard]] std::size_t after_lines_of(const Value& value, std::size_t column) const;
  /// Start of the comment lines that are attached to the line at `line`, or `line`.
  [[nodiscard]] std::size_t with_comments_above(std::size_t line, std::size_t column) const;

  /// True if `value` is nothing but the absence of a value ("key:").
  [[nodiscard]] static bool is_implied_null(const Value& value);
  /// True for an entry that stands inside `map`, not one that `<<` brought.
  [[nodiscard]] static bool is_own(const Value& map, const Entry& entry);
  /// Column (from 0) of the keys or dashes of a block; nothing if they cannot be told.
  [[nodiscard]] std::optional<std::size_t> block_column(const Value& value) const;
  /// How this text indents, from the first nested map and the first list under a key.
  [[nodiscard]] YamlLayout layout(const Value& root) const;

  /// The text with [begin, end) replaced.
  [[nodiscard]] std::string replaced(std::size_t begin, std::size_t end, std::string_view by) const;
  /// The text with whole lines ("…\n") put before the line at `line`; they take the line ends of the text.
  [[nodiscard]] std::string with_lines(std::size_t line, std::string_view lines) const;

 private:
  struct Found {
    std::optional<std::size_t> indent;
    std::optional<std::size_t> list_indent;
  };

  void look_for_layout(const Value& value, Found& found) const;
  /// Indentation of a line that holds only a comment.
  [[nodiscard]] std::optional<std::size_t> comment_column(std::size_t line) const;

  std::string_view text_;
};

}  // namespace cairn::text
