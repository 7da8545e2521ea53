// SPDX-License-Identifier: Apache-2.0
#include "text/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "text/source.h"

namespace cairn::text {
namespace {

constexpr std::size_t kShown = 20;
/// Kept, so that what is shown is the first in the order of the file whatever the order of finding.
constexpr std::size_t kKept = 1000;
constexpr std::size_t kWidth = 100;

std::size_t shown_width(std::string_view shown) {
  return static_cast<std::size_t>(std::count_if(
      shown.begin(), shown.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; }));
}

/// Start of the character that `offset` is in.
std::size_t character_start(std::string_view text, std::size_t offset) {
  while (offset > 0 && offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xc0u) == 0x80u) {
    --offset;
  }
  return offset;
}

/// The line of `text` around `offset` and a caret under it; a long line is cut on both sides.
std::string excerpt(std::string_view text, std::size_t offset) {
  offset = character_start(text, std::min(offset, text.size()));
  const std::size_t newline = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  std::size_t end = std::min(text.find('\n', offset), text.size());
  if (end > offset && text[end - 1] == '\r') {
    --end;
  }
  if (offset - begin > kWidth / 2) {
    begin = character_start(text, offset - kWidth / 2);
  }
  if (end - begin > kWidth) {
    end = character_start(text, begin + kWidth);
  }
  if (begin == 0 && text.starts_with("\xef\xbb\xbf")) {
    begin = std::min<std::size_t>(3, end);
    offset = std::max(offset, begin);
  }
  const std::string before = escaped(text.substr(begin, offset - begin));
  const std::string after = escaped(text.substr(offset, end - offset));
  return fmt::format("  {}{}\n  {:>{}}", before, after, "^", shown_width(before) + 1);
}

}  // namespace

void Diagnostics::add(const Position& at, std::string message) {
  ++count_;
  if (problems_.size() < kKept) {
    problems_.push_back({at, std::move(message)});
  }
}

Error Diagnostics::to_error() const {
  CAIRN_CHECK(!empty());
  std::vector<Problem> sorted = problems_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Problem& a, const Problem& b) { return a.at.offset < b.at.offset; });
  std::string message;
  const std::size_t shown = std::min(sorted.size(), kShown);
  for (std::size_t i = 0; i < shown; ++i) {
    const Problem& problem = sorted[i];
    message += (i == 0 ? "" : "\n") + place(path_, problem.at) + ": " + problem.message;
    if (!text_.empty() && problem.at.line != 0) {
      message += "\n" + excerpt(text_, problem.at.offset);
    }
  }
  if (count_ > shown) {
    message += fmt::format("\n{}: and {} more problems", escaped(path_), count_ - shown);
  }
  return {Code::malformed, std::move(message)};
}

Status Diagnostics::status() const {
  if (empty()) {
    return {};
  }
  return to_error();
}

}  // namespace cairn::text
