// SPDX-License-Identifier: Apache-2.0
#include "git/commit_diff.h"

#include <charconv>
#include <optional>

#include "git/program.h"

namespace cairn::git {
namespace {

/// Takes fields off the front of what Git wrote.
class Fields {
 public:
  explicit Fields(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  std::string_view take(char end) {
    const std::size_t size = std::min(rest_.find(end), rest_.size());
    const std::string_view field = rest_.substr(0, size);
    rest_.remove_prefix(std::min(size + 1, rest_.size()));
    return field;
  }

 private:
  std::string_view rest_;
};

std::optional<std::size_t> parse_number(std::string_view digits) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool whole = error == std::errc() && end == digits.data() + digits.size();
  return whole ? std::optional(number) : std::nullopt;
}

Error unexpected() {
  return {Code::io, "'git diff-tree' wrote what cairn does not understand"};
}

}  // namespace

Result<std::map<std::string, LineCounts>> changed_lines(const Layout& layout, const Oid& from, const Oid& to,
                                                        const std::vector<std::string>& left_out) {
  std::vector<std::string> words{"diff-tree",    "-r",       "-z",     "--numstat",
                                 "--no-renames", from.hex(), to.hex(), "--"};
  for (const std::string& pattern : left_out) {
    words.push_back(":(top,exclude,glob)" + pattern);
  }
  CAIRN_TRY_ASSIGN(const std::string stat, run_git(layout, words));
  std::map<std::string, LineCounts> lines;
  for (Fields fields(stat); !fields.at_end();) {
    // ADDED TAB REMOVED TAB PATH NUL, with "-" for the numbers of a binary file
    const std::string_view added = fields.take('\t');
    const std::string_view removed = fields.take('\t');
    const std::string_view path = fields.take('\0');
    const bool binary = added == "-";
    const auto added_lines = parse_number(added);
    const auto removed_lines = parse_number(removed);
    if (path.empty() || (!binary && (!added_lines || !removed_lines))) {
      return unexpected();
    }
    lines[std::string(path)] = {added_lines.value_or(0), removed_lines.value_or(0), binary};
  }
  return lines;
}

}  // namespace cairn::git
