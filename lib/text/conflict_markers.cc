// SPDX-License-Identifier: Apache-2.0
#include "text/conflict_markers.h"

#include <algorithm>

#include "base/escape.h"

namespace cairn::text {
namespace {

constexpr std::size_t kShortestMarker = 7;

/// The first line, with its end, taken off `text`.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end == std::string_view::npos ? end : end + 1);
  text.remove_prefix(line.size());
  return line;
}

/// True for a line of only `mark`s, at least seven, with a label behind a space or none.
bool is_marker(std::string_view line, char mark) {
  const std::size_t count = std::min(line.find_first_not_of(mark), line.size());
  return count >= kShortestMarker &&
         (count == line.size() || std::string_view(" \r\n").find(line[count]) != std::string_view::npos);
}

enum class Part { outside, ours, base, theirs };

/// The part that a line begins, if it is the marker that may come now.
std::optional<Part> next_part(Part part, std::string_view line) {
  switch (part) {
    case Part::outside:
      return is_marker(line, '<') ? std::optional(Part::ours) : std::nullopt;
    case Part::ours:
      return is_marker(line, '|') ? std::optional(Part::base) : std::nullopt;
    case Part::base:
      return is_marker(line, '=') ? std::optional(Part::theirs) : std::nullopt;
    case Part::theirs:
      return is_marker(line, '>') ? std::optional(Part::outside) : std::nullopt;
  }
  return std::nullopt;
}

void append_line(Part part, std::string_view line, ThreeWay<std::string>& sides) {
  if (part == Part::outside || part == Part::ours) {
    sides.ours += line;
  }
  if (part == Part::outside || part == Part::base) {
    sides.base += line;
  }
  if (part == Part::outside || part == Part::theirs) {
    sides.theirs += line;
  }
}

}  // namespace

bool has_conflict_markers(std::string_view text) {
  while (!text.empty()) {
    if (is_marker(take_line(text), '<')) {
      return true;
    }
  }
  return false;
}

Error in_conflict(std::string_view path) {
  return {Code::conflict, quoted(path) + " is in conflict: a merge was not finished",
          "cairn resolve shows what is, and settles it"};
}

std::optional<ThreeWay<std::string>> split_conflict(std::string_view text) {
  ThreeWay<std::string> sides;
  Part part = Part::outside;
  bool found = false;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (const std::optional<Part> next = next_part(part, line)) {
      part = *next;
      found = true;
    } else if (part == Part::ours && is_marker(line, '=')) {
      return std::nullopt;
    } else {
      append_line(part, line, sides);
    }
  }
  return found && part == Part::outside ? std::optional(std::move(sides)) : std::nullopt;
}

std::string join_conflict(const ThreeWay<std::string>& sides, unsigned size) {
  std::string text;
  text.append(size, '<').append(" ours\n").append(sides.ours);
  text.append(size, '|').append(" base\n").append(sides.base);
  text.append(size, '=').append("\n").append(sides.theirs);
  text.append(size, '>').append(" theirs\n");
  return text;
}

}  // namespace cairn::text
