// SPDX-License-Identifier: Apache-2.0
#include "text/splice.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "text/splice_text.h"
#include "text/yaml.h"
#include "text/yaml_emitter.h"
#include "text/yaml_scalar.h"
#include "text/yaml_writer.h"

namespace cairn::text {
namespace {

std::string shown(const KeyPath& path) {
  return cairn::quoted(fmt::format("{}", fmt::join(path, ".")));
}

/// Where a path leads.
struct Spot {
  const Value* value = nullptr;
  const Entry* entry = nullptr;   ///< that holds the value; null for the root
  const Value* parent = nullptr;  ///< map of that entry
  bool in_flow = false;           ///< a collection around the value is in brackets
};

Value* find(Value& root, const KeyPath& path) {
  Value* value = &root;
  for (const std::string& key : path) {
    value = value == nullptr ? nullptr : value->find(key);
  }
  return value;
}

/// One edit: the document, its tree, and the tree as it shall become.
class Edit {
 public:
  static Result<Edit> open(const Document& document, const KeyPath& path) {
    CAIRN_TRY_ASSIGN(Value tree, parse_yaml(document.text, document.path));
    return Edit(document, path, std::move(tree));
  }

  [[nodiscard]] const Value& tree() const { return tree_; }
  Value& wanted() { return wanted_; }
  [[nodiscard]] const SpliceText& text() const { return text_; }
  [[nodiscard]] YamlLayout layout() const { return text_.layout(tree_); }

  [[nodiscard]] Result<Spot> locate(const KeyPath& path) const {
    Spot spot{&tree_, nullptr, nullptr, false};
    for (std::size_t i = 0; i < path.size(); ++i) {
      const auto entries = spot.value->entries();
      auto entry =
          std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.key == path[i]; });
      if (entry == entries.end()) {
        return Error(Code::not_found,
                     fmt::format("no key {} in {}",
                                 shown({path.begin(), path.begin() + static_cast<std::ptrdiff_t>(i) + 1}),
                                 cairn::quoted(document_.path)));
      }
      spot = {&entry->value, &*entry, spot.value, spot.in_flow || spot.value->style() == Style::flow};
    }
    return spot;
  }

  [[nodiscard]] Error refusal() const {
    return {Code::malformed,
            fmt::format("cannot edit {} in {} without touching the rest of it", shown(path_),
                        cairn::quoted(document_.path)),
            fmt::format("edit {} by hand", cairn::quoted(document_.path))};
  }

  /// `result`, if it reads back as the wanted tree.
  Result<std::string> finish(std::string result) const {
    Result<Value> back = parse_yaml(result, document_.path);
    if (!back.ok() || write_yaml(*back) != write_yaml(wanted_)) {
      return refusal();
    }
    return result;
  }

 private:
  Edit(const Document& document, KeyPath path, Value tree)
      : document_(document),
        path_(std::move(path)),
        text_(document.text),
        tree_(std::move(tree)),
        wanted_(tree_) {}

  Document document_;
  KeyPath path_;
  SpliceText text_;
  Value tree_;
  Value wanted_;
};

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
  if (value.begin().offset == value.end().offset && spot.entry == nullptr) {
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
  const std::size_t line = spot.entry == nullptr
                               ? text.text().size()
                               : text.after_lines_of(value, std::max<std::size_t>(*column, 1));
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

Result<std::string> remove_from_flow(const Edit& edit, const Spot& spot) {
  const Entry* before = nullptr;
  const Entry* after = nullptr;
  for (const Entry& entry : spot.parent->entries()) {
    if (!SpliceText::is_own(*spot.parent, entry)) {
      continue;
    }
    if (entry.key_begin.offset < spot.entry->key_begin.offset) {
      before = &entry;
    } else if (after == nullptr && entry.key_begin.offset > spot.entry->key_begin.offset) {
      after = &entry;
    }
  }
  std::size_t begin = spot.entry->key_begin.offset;
  std::size_t end = std::max(spot.entry->key_end.offset, spot.value->end().offset);
  if (after != nullptr) {
    end = after->key_begin.offset;
  } else if (before != nullptr) {
    begin = std::max(before->key_end.offset, before->value.end().offset);
  }
  return edit.finish(edit.text().replaced(begin, end, ""));
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

KeyPath parent_of(const KeyPath& path) {
  return {path.begin(), path.end() - 1};
}

}  // namespace

Result<std::string> set_scalar(const Document& document, const KeyPath& at, const Value& scalar) {
  CAIRN_CHECK(scalar.is_scalar() && !at.empty());
  CAIRN_TRY_ASSIGN(Edit edit, Edit::open(document, at));
  if (Value* old = find(edit.wanted(), at)) {
    *old = scalar;
    CAIRN_TRY_ASSIGN(const Spot spot, edit.locate(at));
    return replace_scalar(edit, spot, scalar);
  }
  KeyPath map = parent_of(at);
  std::string key = at.back();
  Value value = scalar;
  while (find(edit.wanted(), map) == nullptr) {
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
  Value& target = *find(edit.wanted(), map);
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

Result<std::string> remove_key(const Document& document, const KeyPath& at) {
  CAIRN_CHECK(!at.empty());
  CAIRN_TRY_ASSIGN(Edit edit, Edit::open(document, at));
  CAIRN_TRY_ASSIGN(const Spot spot, edit.locate(at));
  CAIRN_TRY_ASSIGN(const Spot around, edit.locate(parent_of(at)));
  find(edit.wanted(), parent_of(at))->remove(at.back());
  if (!SpliceText::is_own(*spot.parent, *spot.entry)) {
    return edit.refusal();
  }
  return spot.parent->style() == Style::flow ? remove_from_flow(edit, spot)
                                             : remove_lines(edit, spot, around.entry);
}

Result<std::string> append_item(const Document& document, const KeyPath& list, const Value& item) {
  CAIRN_TRY_ASSIGN(Edit edit, Edit::open(document, list));
  CAIRN_TRY_ASSIGN(const Spot spot, edit.locate(list));
  Value& target = *find(edit.wanted(), list);
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
