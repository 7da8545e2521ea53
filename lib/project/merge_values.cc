// SPDX-License-Identifier: Apache-2.0
#include "project/merge_values.h"

#include <algorithm>

namespace cairn::project {
namespace {

using text::Kind;
using text::Value;
using Pointers = text::ThreeWay<const Value*>;

bool is_same(const Value* a, const Value* b) {
  return a == b || (a != nullptr && b != nullptr && *a == *b);
}

void set(Value& map, const std::string& key, const Value* value) {
  if (value != nullptr) {
    map.set(key, *value);
  }
}

void merge_into(ValueSides& merged, const Pointers& sides, const std::string& folder,
                std::vector<std::string>& conflicts);

void merge_key(ValueSides& merged, const std::string& key, const Pointers& sides, const std::string& name,
               std::vector<std::string>& conflicts) {
  const auto& [base, ours, theirs] = sides;
  if (is_same(ours, theirs) || is_same(base, theirs) || is_same(base, ours)) {
    const Value* const one = is_same(base, ours) ? theirs : ours;
    set(merged.base, key, one);
    set(merged.ours, key, one);
    set(merged.theirs, key, one);
    return;
  }
  if (ours != nullptr && theirs != nullptr && ours->is(Kind::map) && theirs->is(Kind::map)) {
    ValueSides inner = {Value::map(), Value::map(), Value::map()};
    merge_into(inner, sides, name + ".", conflicts);
    merged.base.set(key, std::move(inner.base));
    merged.ours.set(key, std::move(inner.ours));
    merged.theirs.set(key, std::move(inner.theirs));
    return;
  }
  conflicts.push_back(name);
  set(merged.base, key, base);
  set(merged.ours, key, ours);
  set(merged.theirs, key, theirs);
}

/// Keys in the order of ours, then what only the others have.
std::vector<std::string> keys_of(const Pointers& sides) {
  std::vector<std::string> keys;
  for (const Value* side : {sides.ours, sides.theirs, sides.base}) {
    for (const text::Entry& entry : side == nullptr ? Value().entries() : side->entries()) {
      if (std::find(keys.begin(), keys.end(), entry.key) == keys.end()) {
        keys.push_back(entry.key);
      }
    }
  }
  return keys;
}

const Value* find(const Value* map, const std::string& key) {
  return map == nullptr ? nullptr : map->find(key);
}

void merge_into(ValueSides& merged, const Pointers& sides, const std::string& folder,
                std::vector<std::string>& conflicts) {
  for (const std::string& key : keys_of(sides)) {
    merge_key(merged, key, {find(sides.base, key), find(sides.ours, key), find(sides.theirs, key)},
              folder + key, conflicts);
  }
}

}  // namespace

ValueSides merge_maps(const ValueSides& sides, std::vector<std::string>& conflicts) {
  ValueSides merged = {Value::map(), Value::map(), Value::map()};
  merge_into(merged, {&sides.base, &sides.ours, &sides.theirs}, "", conflicts);
  return merged;
}

}  // namespace cairn::project
