// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "report/byte_source.h"

namespace cairn::report {

/// A word of a text, or a character that separates words.
struct TextToken {
  std::string text;  ///< empty: the end
  bool word = false;
  bool part = false;         ///< of a word longer than kLongestToken: never a number
  std::uint64_t breaks = 0;  ///< line breaks before it; at the end they do not count and are 0
  std::uint64_t line = 1;
  std::uint64_t column = 1;  ///< in characters

  [[nodiscard]] bool at_end() const { return text.empty(); }
  /// The same text after as many line breaks.
  [[nodiscard]] bool same(const TextToken& other) const {
    return text == other.text && word == other.word && part == other.part && breaks == other.breaks;
  }
};

inline constexpr std::size_t kLongestToken = 256;

/// Cuts a text into tokens. Spaces and carriage returns are no tokens; tabs and commas
/// are, as the cells of a table may be empty. Memory: one token. `source` must outlive it.
class TextTokens {
 public:
  explicit TextTokens(ByteSource& source) : cursor_(source) {}
  Result<TextToken> next();

 private:
  Status skip_white_space(TextToken& token);
  Status read_word(TextToken& token);

  ByteCursor cursor_;
  std::uint64_t line_ = 1;
  std::uint64_t column_ = 1;
  bool in_word_ = false;  ///< the last token was a part that did not end its word
};

}  // namespace cairn::report
