// SPDX-License-Identifier: Apache-2.0
#include "text/splice_text.h"

#include <algorithm>

namespace cairn::text {
namespace {

/// The value whose text ends `value`.
const Value& last_leaf(const Value& value) {
  if (!value.items().empty()) {
    return last_leaf(value.items().back());
  }
  const auto entries = value.entries();
  auto own = std::find_if(entries.rbegin(), entries.rend(),
                          [&](const Entry& entry) { return SpliceText::is_own(value, entry); });
  return own == entries.rend() ? value : last_leaf(own->value);
}

}  // namespace

std::size_t SpliceText::line_begin(std::size_t offset) const {
  const std::size_t newline = offset == 0 ? std::string_view::npos : text_.rfind('\n', offset - 1);
  return newline == std::string_view::npos ? 0 : newline + 1;
}

std::size_t SpliceText::line_end(std::size_t offset) const {
  const std::size_t end = std::min(text_.find('\n', offset), text_.size());
  return end > offset && end < text_.size() && text_[end - 1] == '\r' ? end - 1 : end;
}

std::size_t SpliceText::after_line(std::size_t offset) const {
  const std::size_t newline = text_.find('\n', offset);
  return newline == std::string_view::npos ? text_.size() : newline + 1;
}

std::size_t SpliceText::end_of(const Value& value) const {
  const std::size_t end = value.end().offset;
  const Value& last = last_leaf(value);
  const bool block_scalar = last.style() == Style::literal || last.style() == Style::folded;
  const bool is_alias = text_.substr(last.begin().offset).starts_with('*');
  if (!block_scalar || is_alias || end <= value.begin().offset) {
    return end;
  }
  // With "|+" the blank lines are content.
  const bool keeps = last.string_value().ends_with("\n\n");
  if (keeps && text_[end - 1] == '\n') {
    return end - 1;
  }
  return text_.substr(0, end).find_last_not_of(" \t\r\n") + 1;
}

std::size_t SpliceText::after_lines_of(const Value& value, std::size_t column) const {
  std::size_t line = after_line(end_of(value));
  for (std::optional<std::size_t> at; (at = comment_column(line)) && *at >= column;) {
    line = after_line(line);
  }
  return line;
}

std::size_t SpliceText::with_comments_above(std::size_t line, std::size_t column) const {
  std::size_t first = line;
  while (first > 0) {
    const std::size_t above = line_begin(first - 1);
    if (comment_column(above) != column) {
      return first;
    }
    first = above;
  }
  return line;  // a comment that opens the file is about the file
}

std::optional<std::size_t> SpliceText::comment_column(std::size_t line) const {
  const std::size_t first = text_.find_first_not_of(' ', line);
  if (first == std::string_view::npos || text_[first] != '#') {
    return std::nullopt;
  }
  return first - line;
}

bool SpliceText::is_implied_null(const Value& value) {
  return value.is(Kind::null) && value.style() == Style::plain && value.raw().empty() &&
         value.begin().offset == value.end().offset;
}

bool SpliceText::is_own(const Value& map, const Entry& entry) {
  return entry.key_begin.offset >= map.begin().offset && entry.key_begin.offset < map.end().offset;
}

std::optional<std::size_t> SpliceText::block_column(const Value& value) const {
  if (value.style() != Style::block) {
    return std::nullopt;
  }
  for (const Entry& entry : value.entries()) {
    if (is_own(value, entry)) {
      return entry.key_begin.column - 1;
    }
  }
  const std::string_view there = text_.substr(value.begin().offset);
  const bool begins = value.is(Kind::list) ? there.starts_with('-') : there.starts_with("<<");
  return begins ? std::optional<std::size_t>(value.begin().column - 1) : std::nullopt;
}

YamlLayout SpliceText::layout(const Value& root) const {
  Found found;
  look_for_layout(root, found);
  return {found.indent.value_or(2), found.list_indent.value_or(0)};
}

void SpliceText::look_for_layout(const Value& value, Found& found) const {
  for (const Entry& entry : value.entries()) {
    const std::optional<std::size_t> column = block_column(entry.value);
    const std::size_t outer = entry.key_begin.column - 1;
    if (is_own(value, entry) && column && *column >= outer) {
      const bool is_list = entry.value.is(Kind::list);
      std::optional<std::size_t>& indent = is_list ? found.list_indent : found.indent;
      if (!indent && (is_list || *column > outer)) {
        indent = *column - outer;
      }
    }
    look_for_layout(entry.value, found);
  }
  for (const Value& item : value.items()) {
    look_for_layout(item, found);
  }
}

std::string SpliceText::replaced(std::size_t begin, std::size_t end, std::string_view by) const {
  std::string out(text_.substr(0, begin));
  out += by;
  out += text_.substr(end);
  return out;
}

std::string SpliceText::with_lines(std::size_t line, std::string_view lines) const {
  const std::size_t first = text_.find('\n');
  const bool crlf = first != std::string_view::npos && first > 0 && text_[first - 1] == '\r';
  const std::string_view line_break = crlf ? "\r\n" : "\n";
  std::string added;
  if (line == text_.size() && !text_.empty() && !text_.ends_with('\n')) {
    added += line_break;
  }
  for (char c : lines) {
    added += c == '\n' ? line_break : std::string_view(&c, 1);
  }
  return replaced(line, line, added);
}

}  // namespace cairn::text
