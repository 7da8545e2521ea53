// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "text/diagnostics.h"
#include "text/limits.h"
#include "text/value.h"

namespace cairn::text {

/// One character of a UTF-8 text.
struct Character {
  std::uint32_t code_point = 0;
  std::size_t length = 0;  ///< bytes; 0 where the bytes are not UTF-8
};

/// The character at the start of `text`. REQUIRES: text is not empty.
Character decode_utf8(std::string_view text);

/// A text that is being parsed: turns offsets into positions. A byte order mark at its start belongs to no
/// line. Lines end with "\n". Every lookup costs at most one block of 64 bytes, however long the lines are.
/// The text must outlive it.
class Source {
 public:
  explicit Source(std::string_view text);

  [[nodiscard]] std::string_view text() const { return text_; }
  /// The text after the byte order mark, and where it starts.
  [[nodiscard]] std::string_view body() const { return text_.substr(bom_); }
  [[nodiscard]] std::size_t body_offset() const { return bom_; }

  /// Position of a byte; offsets beyond the end count as the end.
  [[nodiscard]] Position at(std::size_t offset) const;
  /// Offset of the body's character number `index` (from 0).
  [[nodiscard]] std::size_t offset_of_character(std::size_t index) const;
  /// Offset of a line and column, both from 1.
  [[nodiscard]] std::size_t offset_of(unsigned line, unsigned column) const;

 private:
  /// What lies before each block of kBlock bytes.
  struct Block {
    std::uint32_t characters;
    std::uint32_t lines;
    std::uint32_t line_start;
  };

  [[nodiscard]] std::size_t characters_before(std::size_t offset) const;

  std::string_view text_;
  std::size_t bom_ = 0;
  bool is_ascii_ = true;  ///< of the body: characters are bytes
  std::vector<Block> blocks_;
};

/// Adds to `problems` why no parser should see `source`: longer than the limit, or not UTF-8.
void check_text(std::string_view text, const Limits& limits, Diagnostics& problems);

}  // namespace cairn::text
