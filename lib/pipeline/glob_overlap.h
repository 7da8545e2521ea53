// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::pipeline {

/// A path, or a pattern as git::PathGlob reads it, for questions about what two of them can stand for. The
/// answers err on the side of yes: a bracket expression counts as any byte. One thing is left out on purpose:
/// what a wildcard finds under a name with an extension ("report.txt", "*.csv") is taken for a file, which
/// holds nothing; else every out could be a folder with something for "**/*.csv" in it.
class PathPattern {
 public:
  static PathPattern path(std::string_view path);
  static PathPattern glob(std::string_view pattern);

  [[nodiscard]] const std::string& text() const { return text_; }
  /// The bytes that every path it stands for begins with; of a path the whole.
  [[nodiscard]] const std::string& prefix() const { return prefix_; }
  /// The folder that every path it stands for is inside of ("" for the project root); of a path the path
  /// itself.
  [[nodiscard]] std::string base() const;
  [[nodiscard]] bool is_glob() const { return is_glob_; }

  /// Some path may be meant by both.
  [[nodiscard]] bool can_equal(const PathPattern& other) const;
  /// Some path meant by this may be a folder with a path meant by `other` in it.
  [[nodiscard]] bool can_hold(const PathPattern& other) const;
  /// Some path meant by this may be inside `folder`, which is one, whatever it is called.
  [[nodiscard]] bool can_be_inside(std::string_view folder) const;
  /// can_equal, or can_hold one way or the other. Cost: the product of the lengths at most.
  [[nodiscard]] bool can_touch(const PathPattern& other) const;

 private:
  struct Token {
    enum class Kind : std::uint8_t { literal, any, star };
    Kind kind = Kind::literal;
    char byte = 0;
  };
  struct Part {
    bool any_depth = false;
    bool fixed = true;  ///< literals only
    std::vector<Token> tokens;
  };
  enum class End : std::uint8_t { equal, held };

  void add_part(std::vector<Token> tokens, bool any_depth);
  void summarise();
  [[nodiscard]] bool never_meets(const PathPattern& other) const;
  [[nodiscard]] bool looks_like_file() const;
  [[nodiscard]] bool reaches(const PathPattern& other, End end, bool is_file) const;
  static bool parts_meet(const Part& a, const Part& b);

  std::string text_;
  bool is_glob_ = false;
  std::vector<Part> parts_;
  std::string prefix_;
  std::string suffix_;           ///< literal bytes at its end
  std::size_t fixed_parts_ = 0;  ///< literal ones at its beginning
  bool flat_ = true;             ///< no "**"
};

}  // namespace cairn::pipeline
