// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/glob.h"

namespace cairn::git {

/// One line of an ignore file.
struct IgnoreRule {
  std::string file;      ///< the ignore file, as given to add_file
  unsigned line = 0;     ///< from 1
  std::string pattern;   ///< as written, without trailing blanks
  bool negated = false;  ///< begins with "!": takes back what an earlier rule ignored
};

enum class PathKind { file, folder };

/// What ignore files say of paths, by the rules of gitignore(5): the last rule that fits wins, rules of a
/// deeper folder come after those of a higher one, "!" takes back, a trailing "/" fits folders only, a "/"
/// elsewhere ties the pattern to the ignore file's folder, and nothing inside an ignored folder can be taken
/// back. Paths are relative to one root, without leading or trailing slash; bytes, never case-folded.
/// Threads: const functions may be called at once.
class IgnoreRules {
 public:
  /// Adds the rules in `text`, the content of `file` ("data/.cairnignore"), which hold in the file's folder
  /// and below. Of two files in one folder the one added later wins.
  void add_file(std::string_view file, std::string_view text);

  /// The rule that decides about `path`, or about the highest of its folders that is ignored; nullptr if none
  /// fits. The path is ignored if a rule is returned that is not negated. The pointer lives until the next
  /// add_file.
  [[nodiscard]] const IgnoreRule* match(std::string_view path, PathKind kind) const;

  /// As match, for callers that know that no parent folder is ignored, such as a walk that does not enter
  /// those.
  [[nodiscard]] const IgnoreRule* match_entry(std::string_view path, PathKind kind) const;

  [[nodiscard]] bool ignores(std::string_view path, PathKind kind) const;
  [[nodiscard]] bool empty() const { return rules_.empty(); }

 private:
  struct Compiled {
    IgnoreRule rule;
    bool folders_only = false;
    std::optional<Glob> name;      // fits the last part of a path at any depth
    std::optional<PathGlob> path;  // fits the path from the ignore file's folder
  };
  static std::optional<Compiled> compile(std::string_view line);
  static bool fits(const Compiled& compiled, std::string_view inner_path, std::string_view name,
                   PathKind kind);

  std::map<std::string, std::vector<Compiled>, std::less<>> rules_;  // by folder, in order of lines
};

}  // namespace cairn::git
