// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "text/token_diff.h"

namespace cairn::text {
namespace {

constexpr std::size_t kAround = 3;  ///< lines shown before and after a change

/// Lines without their "\n"; what stands behind the last one is marked in the list of its own.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    // The line break belongs to the line: a last line without one differs from one with it.
    const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

struct Line {
  DiffOp op;
  std::string_view text;
};

std::string shown(const Line& line) {
  constexpr std::string_view kMarks = " -+";
  const bool whole = line.text.ends_with('\n');
  const std::string_view text = whole ? line.text.substr(0, line.text.size() - 1) : line.text;
  return fmt::format("{}{}\n{}", kMarks[static_cast<std::size_t>(line.op)], escaped(text),
                     whole ? "" : "\\ no line break at the end\n");
}

/// Where a hunk begins in both texts, and its lines.
struct Hunk {
  std::size_t before = 1;
  std::size_t after = 1;
  std::span<const Line> lines;

  [[nodiscard]] std::string text() const {
    const auto count = [this](DiffOp other) {
      return std::count_if(lines.begin(), lines.end(),
                           [other](const Line& line) { return line.op != other; });
    };
    const auto removed = count(DiffOp::added);
    const auto added = count(DiffOp::removed);
    std::string out = fmt::format("@@ -{},{} +{},{} @@\n", before - (removed == 0 ? 1 : 0), removed,
                                  after - (added == 0 ? 1 : 0), added);
    for (const Line& line : lines) {
      out += shown(line);
    }
    return out;
  }
};

/// Index after the last line of the hunk whose first change is at `change`.
std::size_t hunk_end(const std::vector<Line>& lines, std::size_t change) {
  std::size_t last = change;
  for (std::size_t i = change; i < lines.size() && i <= last + 2 * kAround + 1; ++i) {
    last = lines[i].op == DiffOp::same ? last : i;
  }
  return std::min(lines.size(), last + kAround + 1);
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after, std::string_view name) {
  const std::vector<std::string_view> old_lines = lines_of(before);
  const std::vector<std::string_view> new_lines = lines_of(after);
  std::vector<Line> lines;
  std::size_t old_at = 0;
  std::size_t new_at = 0;
  for (const TokenRun& run : diff_tokens(old_lines, new_lines)) {
    for (std::size_t i = 0; i < run.count; ++i) {
      lines.push_back({run.op, run.op == DiffOp::added ? new_lines[new_at] : old_lines[old_at]});
      old_at += run.op == DiffOp::added ? 0U : 1U;
      new_at += run.op == DiffOp::removed ? 0U : 1U;
    }
  }
  std::string out;
  Hunk hunk;
  std::size_t done = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].op == DiffOp::same) {
      continue;
    }
    const std::size_t begin = std::max(done, i - std::min(i, kAround));
    for (; done < begin; ++done) {  // lines between hunks are the same on both sides
      ++hunk.before;
      ++hunk.after;
    }
    const std::size_t end = hunk_end(lines, i);
    hunk.lines = std::span(lines).subspan(begin, end - begin);
    out += hunk.text();
    for (; done < end; ++done) {
      hunk.before += lines[done].op == DiffOp::added ? 0U : 1U;
      hunk.after += lines[done].op == DiffOp::removed ? 0U : 1U;
    }
    i = end - 1;
  }
  return out.empty() ? out : fmt::format("--- {0}\n+++ {0}\n{1}", escaped(name), out);
}

}  // namespace cairn::text
