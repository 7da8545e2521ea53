// SPDX-License-Identifier: Apache-2.0
#include "report/value_diff.h"

#include <map>

#include "report/flatten.h"

namespace cairn::report {
namespace {

using text::Kind;
using text::Value;

std::optional<double> number(const Value& value) {
  switch (value.kind()) {
    case Kind::integer:
      return static_cast<double>(value.int_value());
    case Kind::floating:
      return value.float_value();
    default:
      return std::nullopt;
  }
}

std::optional<Value> difference(const Value& before, const Value& after) {
  std::int64_t exact = 0;
  if (before.is(Kind::integer) && after.is(Kind::integer) &&
      !__builtin_sub_overflow(after.int_value(), before.int_value(), &exact)) {
    return Value::integer(exact);
  }
  std::optional<double> from = number(before);
  std::optional<double> to = number(after);
  return from && to ? std::optional(Value::floating(*to - *from)) : std::nullopt;
}

/// Both sides of every key; null pointers where one lacks it.
struct Sides {
  const Value* before = nullptr;
  const Value* after = nullptr;
};

std::vector<ValueDiff> compare_values(const Value* before, const Value* after, Unchanged unchanged) {
  std::vector<FlatValue> old_values = before != nullptr ? flatten(*before) : std::vector<FlatValue>();
  std::vector<FlatValue> new_values = after != nullptr ? flatten(*after) : std::vector<FlatValue>();
  std::map<std::string, Sides> sides;
  for (const FlatValue& one : old_values) {
    sides[one.key].before = &one.value;
  }
  for (const FlatValue& one : new_values) {
    sides[one.key].after = &one.value;
  }
  std::vector<ValueDiff> out;
  for (const auto& [key, both] : sides) {
    ValueDiff diff{key, {}, {}, {}};
    if (both.before != nullptr) {
      diff.before = *both.before;
    }
    if (both.after != nullptr) {
      diff.after = *both.after;
    }
    if (unchanged == Unchanged::hide && diff.before == diff.after) {
      continue;
    }
    if (both.before != nullptr && both.after != nullptr) {
      diff.difference = difference(*both.before, *both.after);
    }
    out.push_back(std::move(diff));
  }
  return out;
}

}  // namespace

std::vector<DocumentDiff> compare(const std::vector<Document>& before, const std::vector<Document>& after,
                                  Unchanged unchanged) {
  std::map<std::string, Sides> files;
  for (const Document& one : before) {
    files[one.path].before = &one.value;
  }
  for (const Document& one : after) {
    files[one.path].after = &one.value;
  }
  std::vector<DocumentDiff> out;
  for (const auto& [path, both] : files) {
    std::vector<ValueDiff> values = compare_values(both.before, both.after, unchanged);
    if (!values.empty()) {
      out.push_back({path, std::move(values)});
    }
  }
  return out;
}

}  // namespace cairn::report
