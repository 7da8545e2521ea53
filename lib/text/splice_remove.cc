// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "text/splice_edit.h"

namespace cairn::text {
namespace {

/// The places of one entry or item in the brackets around it.
struct Part {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// All entries or items that stand inside `collection` themselves, in order.
std::vector<Part> parts_of(const Value& collection) {
  std::vector<Part> parts;
  for (const Entry& entry : collection.entries()) {
    if (SpliceText::is_own(collection, entry)) {
      parts.push_back({entry.key_begin.offset, std::max(entry.key_end.offset, entry.value.end().offset)});
    }
  }
  for (const Value& item : collection.items()) {
    parts.push_back({item.begin().offset, item.end().offset});
  }
  std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.begin < b.begin; });
  return parts;
}

/// Removes the part that begins at `offset` from the brackets of `collection`.
Result<std::string> remove_from_flow(const Edit& edit, const Value& collection, std::size_t offset) {
  const std::vector<Part> parts = parts_of(collection);
  const auto part =
      std::find_if(parts.begin(), parts.end(), [offset](const Part& p) { return p.begin == offset; });
  if (part == parts.end()) {
    return edit.refusal();
  }
  Part cut = *part;
  if (part + 1 != parts.end()) {
    cut.end = (part + 1)->begin;
  } else if (part != parts.begin()) {
    cut.begin = (part - 1)->end;
  }
  return edit.finish(edit.text().replaced(cut.begin, cut.end, ""));
}

/// Removes the lines of an entry; `holder` is the entry of the map around it, null for the root.
Result<std::string> remove_lines(const Edit& edit, const Spot& spot, const Entry* holder) {
  const SpliceText& text = edit.text();
  const std::size_t key = spot.entry->key_begin.offset;
  const std::size_t line = text.line_begin(key);
  if (text.text().substr(line, key - line).find_first_not_of(' ') != std::string_view::npos) {
    return edit.refusal();  // "- key: value" or "? key"
  }
  const std::size_t column = key - line;
  const std::size_t begin = text.with_comments_above(line, column);
  const std::size_t end = text.after_lines_of(*spot.value, column + 1);
  if (spot.parent->entries().size() > 1 || holder == nullptr) {
    return edit.finish(text.replaced(begin, end, ""));
  }
  const std::size_t colon = text.text().find_first_not_of(' ', holder->key_end.offset);
  if (colon >= begin || text.text()[colon] != ':' || spot.parent->begin().offset != key) {
    return edit.refusal();
  }
  const std::string emptied = text.replaced(begin, end, "");
  return edit.finish(SpliceText(emptied).replaced(colon + 1, colon + 1, " {}"));
}

/// Removes the lines of an item, which stands behind a dash of its own.
Result<std::string> remove_item_lines(const Edit& edit, const Spot& spot) {
  const SpliceText& text = edit.text();
  const std::size_t item = spot.value->begin().offset;
  const std::size_t line = text.line_begin(item);
  const std::string_view before = text.text().substr(line, item - line);
  const std::size_t dash = before.find_first_not_of(' ');
  if (dash == std::string_view::npos || before[dash] != '-' ||
      before.find_first_not_of(' ', dash + 1) != std::string_view::npos) {
    return edit.refusal();  // "- - item", or the dash is on a line of its own
  }
  const std::size_t begin = text.with_comments_above(line, dash);
  return edit.finish(text.replaced(begin, text.after_lines_of(*spot.value, dash + 1), ""));
}

}  // namespace

Result<std::string> remove_key(const Document& document, const KeyPath& at) {
  CAIRN_CHECK(!at.empty());
  CAIRN_TRY_ASSIGN(Edit edit, Edit::open(document, at));
  CAIRN_TRY_ASSIGN(const Spot spot, edit.locate(at));
  CAIRN_TRY_ASSIGN(const Spot around, edit.locate(parent_of(at)));
  if (spot.entry == nullptr) {
    return edit.refusal();  // an item of a list
  }
  find_value(edit.wanted(), parent_of(at))->remove(at.back());
  if (!SpliceText::is_own(*spot.parent, *spot.entry)) {
    return edit.refusal();
  }
  return spot.parent->style() == Style::flow
             ? remove_from_flow(edit, *spot.parent, spot.entry->key_begin.offset)
             : remove_lines(edit, spot, around.entry);
}

Result<std::string> remove_item(const Document& document, const KeyPath& at) {
  CAIRN_CHECK(!at.empty());
  CAIRN_TRY_ASSIGN(Edit edit, Edit::open(document, at));
  CAIRN_TRY_ASSIGN(const Spot spot, edit.locate(at));
  if (spot.parent->items().size() < 2) {
    return edit.refusal();
  }
  Value kept = Value::list();
  for (const Value& item : spot.parent->items()) {
    if (&item != spot.value) {
      kept.append(item);
    }
  }
  *find_value(edit.wanted(), parent_of(at)) = std::move(kept);
  return spot.parent->style() == Style::flow
             ? remove_from_flow(edit, *spot.parent, spot.value->begin().offset)
             : remove_item_lines(edit, spot);
}

}  // namespace cairn::text
