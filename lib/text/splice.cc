// SPDX-License-Identifier: Apache-2.0
#include "text/splice.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "text/splice_edit.h"
#include "text/yaml_emitter.h"
#include "text/yaml_scalar.h"

namespace cairn::text {
namespace {

/// What is put at the end of a list or map, in each of its forms.
struct Addition {
  Kind kind;             ///< of the collection
  std::string_view key;  ///< of an entry
  const Value& value;

  [[nodiscard]] std::string lines(std::size_t column, const YamlLayout& layout) const {
    return kind == Kind::map ? yaml_entry(key, value, column, layout) : yaml_item(value, column, layout);
  }
  [[nodiscard]] std::string flow() const {
    return (kind == Kind::map ? inline_string(key, Context::flow) + ": " : "") + yaml_flow(value);
  }
};

/// Offset after the last entry or item that stands in the brackets of `value`, or after the bracket.
std::size_t end_of_flow(const Value& value) {
  std::size_t end = value.begin().offset + 1;
  for (const Value& item : value.items()) {
    end = item.end().offset;
  }
  for (const Entry& entry : value.entries()) {
    if (SpliceText::is_own(value, entry)) {
      end = std::max(entry.key_end.offset, entry.value.end().offset);
    }
  }
  return end;
}

/// Puts a block in the place of "{}", "[]" or nothing: after the line where that stands, comment and all.
std::string open_block(const Edit& edit, const Spot& spot, const Addition& addition) {
  const YamlLayout layout = edit.layout();
  const std::size_t indent = addition.kind == Kind::map ? layout.indent : layout.list_indent;
  const std::size_t column = spot.entry == nullptr ? 0 : spot.entry->key_begin.column - 1 + indent;
  const SpliceText& text = edit.text();
  std::size_t begin = spot.value->begin().offset;
  const std::size_t end = spot.value->end().offset;
  const std::size_t line = text.line_begin(begin);
  while (begin > line && text.text()[begin - 1] == ' ') {
    --begin;
  }
  const std::string emptied = text.replaced(begin, end, "");
  const SpliceText rest(emptied);
  if (begin == line && rest.line_end(begin) == begin) {
    // The brackets had a line of their own: it goes.
    const std::string shorter = rest.replaced(begin, rest.after_line(begin), "");
    return SpliceText(shorter).with_lines(begin, addition.lines(column, layout));
  }
  return rest.with_lines(rest.after_line(begin), addition.lines(column, layout));
}

Result<std::string> add_at(const Edit& edit, const Spot& spot, const Addition& addition) {
  const SpliceText& text = edit.text();
  const Value& value = *spot.value;
  const bool is_null = SpliceText::is_implied_null(value);
  if (!value.is(addition.kind) && !is_null) {
    return edit.refusal();
  }
  const bool is_empty = value.items().empty() && value.entries().empty();
  if (value.begin().offset == value.end().offset && spot.is_root()) {
    return edit.finish(text.with_lines(text.text().size(), addition.lines(0, edit.layout())));
  }
  const std::string_view written =
      text.text().substr(value.begin().offset, value.end().offset - value.begin().offset);
  if (!spot.in_flow && is_empty && (is_null || written == "{}" || written == "[]")) {
    return edit.finish(open_block(edit, spot, addition));
  }
  if (value.style() == Style::flow && (written.starts_with('{') || written.starts_with('['))) {
    const std::size_t end = end_of_flow(value);
    const bool first = end == value.begin().offset + 1;
    return edit.finish(text.replaced(end, end, (first ? "" : ", ") + addition.flow()));
  }
  const std::optional<std::size_t> column = text.block_column(value);
  if (!column) {
    return edit.refusal();
  }
  const std::size_t line =
      spot.is_root() ? text.text().size() : text.after_lines_of(value, std::max<std::size_t>(*column, 1));
  return edit.finish(text.with_lines(line, addition.lines(*column, edit.layout())));
}

Result<std::string> replace_scalar(const Edit& edit, const Spot& spot, const Value& scalar) {
  const SpliceText& text = edit.text();
  const Value& old = *spot.value;
  const std::size_t begin = old.begin().offset;
  const std::string_view written = text.text().substr(begin);
  const std::string_view first_line = text.text().substr(begin, text.line_end(begin) - begin);
  const bool block = old.style() == Style::literal || old.style() == Style::folded;
  const bool has_comment = block && first_line.find('#') != std::string_view::npos;
  if (!old.is_scalar() || has_comment || (written.starts_with('&') && begin != old.end().offset)) {
    return edit.refusal();
  }
  const Context context = spot.in_flow ? Context::flow : Context::block;
  std::string by =
      scalar.is(Kind::string) ? inline_string(scalar.string_value(), context) : non_string_text(scalar);
  if (begin == old.end().offset && begin > 0 && text.text()[begin - 1] != ' ') {
    by.insert(0, 1, ' ');
  }
  return edit.finish(text.replaced(begin, text.end_of(old), by));
}

}  // namespace

Result<std::string> set_scalar(const Document& document, const KeyPath& at, const Value& scalar) {
  CAIRN_CHECK(scalar.is_scalar() && !at.empty());
  CAIRN_TRY_ASSIGN(Edit edit, Edit::open(document, at));
  if (Value* old = find_value(edit.wanted(), at)) {
    *old = scalar;
    CAIRN_TRY_ASSIGN(const Spot spot, edit.locate(at));
    return replace_scalar(edit, spot, scalar);
  }
  KeyPath map = parent_of(at);
  std::string key = at.back();
  Value value = scalar;
  while (find_value(edit.wanted(), map) == nullptr) {
    Value outer = Value::map();
    outer.set(key, std::move(value));
    value = std::move(outer);
    key = map.back();
    map.pop_back();
  }
  return add_key(document, map, key, value);
}

Result<std::string> add_key(const Document& document, const KeyPath& map, std::string_view key,
                            const Value& value) {
  CAIRN_TRY_ASSIGN(Edit edit, Edit::open(document, map));
  CAIRN_TRY_ASSIGN(const Spot spot, edit.locate(map));
  Value& target = *find_value(edit.wanted(), map);
  if (target.find(key) != nullptr) {
    KeyPath full = map;
    full.emplace_back(key);
    return Error(Code::exists,
                 fmt::format("key {} is already in {}", shown(full), cairn::quoted(document.path)));
  }
  if (SpliceText::is_implied_null(target)) {
    target = Value::map();
  }
  if (!target.is(Kind::map)) {
    return edit.refusal();
  }
  target.set(key, value);
  return add_at(edit, spot, {Kind::map, key, value});
}

Result<std::string> append_item(const Document& document, const KeyPath& list, const Value& item) {
  CAIRN_TRY_ASSIGN(Edit edit, Edit::open(document, list));
  CAIRN_TRY_ASSIGN(const Spot spot, edit.locate(list));
  Value& target = *find_value(edit.wanted(), list);
  if (SpliceText::is_implied_null(target)) {
    target = Value::list();
  }
  if (!target.is(Kind::list)) {
    return edit.refusal();
  }
  target.append(item);
  return add_at(edit, spot, {Kind::list, {}, item});
}

}  // namespace cairn::text
