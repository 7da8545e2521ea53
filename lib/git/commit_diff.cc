// SPDX-License-Identifier: Apache-2.0
#include "git/commit_diff.h"

#include <charconv>

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

template <class Number>
std::optional<Number> parse_number(std::string_view digits, int base) {
  Number number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  const bool whole = error == std::errc() && end == digits.data() + digits.size();
  return whole ? std::optional(number) : std::nullopt;
}

Error unexpected() {
  return {Code::io, "'git diff-tree' wrote what cairn does not understand"};
}

/// Nothing for mode 000000. REQUIRES: `mode` was parsed.
std::optional<TreeFile> file_of(unsigned mode, std::string_view id, std::string_view path) {
  const std::optional<Oid> blob = Oid::parse(id);
  return mode == 0 || !blob ? std::nullopt : std::optional(TreeFile{std::string(path), *blob, mode});
}

}  // namespace

Result<std::vector<TreeChange>> changed_files(const Layout& layout, const Oid& from, const Oid& to) {
  CAIRN_TRY_ASSIGN(const std::string raw, run_git(layout, {"diff-tree", "-r", "-z", "--raw", "--no-abbrev",
                                                           "--no-renames", from.hex(), to.hex()}));
  std::vector<TreeChange> changes;
  for (Fields fields(raw); !fields.at_end();) {
    // ":MODE MODE BLOB BLOB LETTER" NUL PATH NUL
    fields.take(':');
    const auto old_mode = parse_number<unsigned>(fields.take(' '), 8);
    const auto new_mode = parse_number<unsigned>(fields.take(' '), 8);
    const std::string_view old_id = fields.take(' ');
    const std::string_view new_id = fields.take(' ');
    fields.take('\0');
    const std::string_view path = fields.take('\0');
    if (!old_mode || !new_mode || path.empty()) {
      return unexpected();
    }
    changes.push_back(
        {std::string(path), file_of(*old_mode, old_id, path), file_of(*new_mode, new_id, path)});
  }
  return changes;
}

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
    const auto added_lines = parse_number<std::size_t>(added, 10);
    const auto removed_lines = parse_number<std::size_t>(removed, 10);
    if (path.empty() || (!binary && (!added_lines || !removed_lines))) {
      return unexpected();
    }
    lines[std::string(path)] = {added_lines.value_or(0), removed_lines.value_or(0), binary};
  }
  return lines;
}

}  // namespace cairn::git
