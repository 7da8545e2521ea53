// SPDX-License-Identifier: Apache-2.0
#include "text/value.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "text/yaml_scalar.h"

namespace cairn::text {
namespace {

constexpr std::string_view kTypeNames[] = {"null",     "a boolean", "an integer", "a number",
                                           "a string", "a list",    "a map"};

Error wrong_type(const Value& value, std::string_view wanted, std::string_view path) {
  return {Code::malformed,
          fmt::format("{}: expected {}, not {}", place(path, value.begin()), wanted, value.type_name())};
}

template <class Entries>
auto find_entry(Entries entries, std::string_view key) {
  auto it = std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.key == key; });
  return it == entries.end() ? nullptr : &it->value;
}

bool equal_maps(std::span<const Entry> a, std::span<const Entry> b) {
  if (a.size() != b.size()) {
    return false;
  }
  auto by_key = [](const Entry* x, const Entry* y) { return x->key < y->key; };
  auto sorted = [&](std::span<const Entry> entries) {
    std::vector<const Entry*> pointers;
    pointers.reserve(entries.size());
    for (const Entry& e : entries) {
      pointers.push_back(&e);
    }
    std::sort(pointers.begin(), pointers.end(), by_key);
    return pointers;
  };
  auto same = [](const Entry* x, const Entry* y) { return x->key == y->key && x->value == y->value; };
  std::vector<const Entry*> left = sorted(a);
  std::vector<const Entry*> right = sorted(b);
  return std::equal(left.begin(), left.end(), right.begin(), same);
}

void append_canonical(std::string& out, const Value& value) {
  if (value.is(Kind::list)) {
    const char* separator = "[";
    for (const Value& item : value.items()) {
      out += std::exchange(separator, ",");
      append_canonical(out, item);
    }
    out += value.items().empty() ? "[]" : "]";
    return;
  }
  if (value.is(Kind::map)) {
    std::vector<const Entry*> sorted;
    for (const Entry& e : value.entries()) {
      sorted.push_back(&e);
    }
    std::sort(sorted.begin(), sorted.end(), [](const Entry* a, const Entry* b) { return a->key < b->key; });
    const char* separator = "{";
    for (const Entry* e : sorted) {
      out += std::exchange(separator, ",") + double_quoted(e->key) + ":";
      append_canonical(out, e->value);
    }
    out += sorted.empty() ? "{}" : "}";
    return;
  }
  out += value.is(Kind::string) ? double_quoted(value.string_value()) : non_string_text(value);
}

}  // namespace

// Here and not in the header, where Entry is not complete yet.
Value::Value() = default;
Value::Value(const Value& other) = default;
Value::Value(Value&& other) noexcept = default;
Value& Value::operator=(const Value& other) = default;
Value& Value::operator=(Value&& other) noexcept = default;
Value::~Value() = default;

Value Value::null() {
  return {};
}

Value Value::boolean(bool value) {
  Value out;
  out.data_ = value;
  return out;
}

Value Value::integer(std::int64_t value) {
  Value out;
  out.data_ = value;
  return out;
}

Value Value::floating(double value) {
  Value out;
  out.data_ = value;
  return out;
}

Value Value::string(std::string_view value) {
  Value out;
  out.data_.emplace<std::string>(value);
  return out;
}

Value Value::list() {
  return list(List());
}

Value Value::list(std::vector<Value> items) {
  Value out;
  out.data_ = std::move(items);
  return out;
}

Value Value::map() {
  return map(Map());
}

Value Value::map(std::vector<Entry> entries) {
  Value out;
  out.data_ = std::move(entries);
  return out;
}

Kind Value::kind() const {
  return static_cast<Kind>(data_.index());
}

std::string_view Value::type_name() const {
  return kTypeNames[data_.index()];
}

Result<bool> Value::as_bool(std::string_view path) const {
  if (!is(Kind::boolean)) {
    return wrong_type(*this, "true or false", path);
  }
  return bool_value();
}

Result<std::int64_t> Value::as_int(std::string_view path) const {
  if (!is(Kind::integer)) {
    return wrong_type(*this, "an integer", path);
  }
  return int_value();
}

Result<double> Value::as_double(std::string_view path) const {
  if (is(Kind::integer)) {
    return static_cast<double>(int_value());
  }
  if (!is(Kind::floating)) {
    return wrong_type(*this, "a number", path);
  }
  return float_value();
}

Result<std::string> Value::as_string(std::string_view path) const {
  if (!is(Kind::string)) {
    return wrong_type(*this, "a string", path);
  }
  return string_value();
}

Result<std::span<const Value>> Value::as_list(std::string_view path) const {
  if (!is(Kind::list)) {
    return wrong_type(*this, "a list", path);
  }
  return items();
}

Result<std::span<const Entry>> Value::as_map(std::string_view path) const {
  if (!is(Kind::map)) {
    return wrong_type(*this, "a map", path);
  }
  return entries();
}

bool Value::bool_value() const {
  CAIRN_CHECK(is(Kind::boolean));
  return *std::get_if<bool>(&data_);
}

std::int64_t Value::int_value() const {
  CAIRN_CHECK(is(Kind::integer));
  return *std::get_if<std::int64_t>(&data_);
}

double Value::float_value() const {
  CAIRN_CHECK(is(Kind::floating));
  return *std::get_if<double>(&data_);
}

const std::string& Value::string_value() const {
  CAIRN_CHECK(is(Kind::string));
  return *std::get_if<std::string>(&data_);
}

std::span<const Value> Value::items() const {
  const List* list = std::get_if<List>(&data_);
  return list == nullptr ? std::span<const Value>() : std::span<const Value>(*list);
}

std::span<Value> Value::items() {
  List* list = std::get_if<List>(&data_);
  return list == nullptr ? std::span<Value>() : std::span<Value>(*list);
}

std::span<const Entry> Value::entries() const {
  const Map* map = std::get_if<Map>(&data_);
  return map == nullptr ? std::span<const Entry>() : std::span<const Entry>(*map);
}

std::span<Entry> Value::entries() {
  Map* map = std::get_if<Map>(&data_);
  return map == nullptr ? std::span<Entry>() : std::span<Entry>(*map);
}

const Value* Value::find(std::string_view key) const {
  return find_entry(entries(), key);
}

Value* Value::find(std::string_view key) {
  return find_entry(entries(), key);
}

Value& Value::set(std::string_view key, Value value) {
  CAIRN_CHECK(is(Kind::map));
  if (Value* old = find(key)) {
    *old = std::move(value);
    return *old;
  }
  return append_entry({std::string(key), std::move(value), {}, {}});
}

bool Value::remove(std::string_view key) {
  CAIRN_CHECK(is(Kind::map));
  return std::erase_if(*std::get_if<Map>(&data_), [&](const Entry& e) { return e.key == key; }) > 0;
}

Value& Value::append(Value item) {
  CAIRN_CHECK(is(Kind::list));
  return std::get_if<List>(&data_)->emplace_back(std::move(item));
}

Value& Value::append_entry(Entry entry) {
  CAIRN_CHECK(is(Kind::map));
  return std::get_if<Map>(&data_)->emplace_back(std::move(entry)).value;
}

std::string Value::raw() const {
  if (is(Kind::string)) {
    return string_value();
  }
  if (!is_scalar() || style() != Style::none) {
    return origin_.raw;
  }
  return non_string_text(*this);
}

bool operator==(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) {
    return false;
  }
  switch (a.kind()) {
    case Kind::null:
      return true;
    case Kind::boolean:
      return a.bool_value() == b.bool_value();
    case Kind::integer:
      return a.int_value() == b.int_value();
    case Kind::floating:
      return non_string_text(a) == non_string_text(b);
    case Kind::string:
      return a.string_value() == b.string_value();
    case Kind::list:
      return std::equal(a.items().begin(), a.items().end(), b.items().begin(), b.items().end());
    case Kind::map:
      return equal_maps(a.entries(), b.entries());
  }
  return false;
}

std::string canonical(const Value& value) {
  std::string out;
  append_canonical(out, value);
  return out;
}

std::string place(std::string_view path, const Position& at) {
  return at.line == 0 ? escaped(path) : fmt::format("{}:{}:{}", escaped(path), at.line, at.column);
}

}  // namespace cairn::text
