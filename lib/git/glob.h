// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::git {

/// A wildcard pattern for one part of a path, compiled once: `*`, `?`, `[a-z]`, `[!x]`, `[[:digit:]]`, `\`
/// before a literal byte. Works on bytes, as Git does. Cost of a match: length of the text times length of
/// the pattern at most.
class Glob {
 public:
  /// Nothing for a pattern that can never match: a bracket that is not closed, an unknown class, a trailing
  /// backslash.
  static std::optional<Glob> compile(std::string_view pattern);

  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  enum class Kind : std::uint8_t { literal, any, star, set };
  struct Token {
    Kind kind = Kind::literal;
    char byte = 0;        // literal
    std::size_t set = 0;  // index into sets_
  };
  using Set = std::bitset<256>;

  [[nodiscard]] bool fits(const Token& token, char byte) const;
  static std::optional<Set> read_set(std::string_view pattern, std::size_t& at);

  std::vector<Token> tokens_;
  std::vector<Set> sets_;
};

/// A pattern for a whole relative path: parts between slashes, where a part `**` stands for any number of
/// folders (at the end: for at least one part).
class PathGlob {
 public:
  /// Nothing for a pattern that can never match.
  static std::optional<PathGlob> compile(std::string_view pattern);

  [[nodiscard]] bool matches(std::string_view path) const;

 private:
  struct Part {
    bool any_depth = false;  // `**`
    std::optional<Glob> glob;
  };
  std::vector<Part> parts_;
};

}  // namespace cairn::git
