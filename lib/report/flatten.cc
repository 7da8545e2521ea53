// SPDX-License-Identifier: Apache-2.0
#include "report/flatten.h"

#include <string_view>

namespace cairn::report {
namespace {

void collect(const std::string& key, const text::Value& value, std::vector<FlatValue>& out) {
  if (value.entries().empty()) {
    out.push_back({key, value});
    return;
  }
  for (const text::Entry& entry : value.entries()) {
    collect(key.empty() ? entry.key : key + "." + entry.key, entry.value, out);
  }
}

/// Puts a value below the parts of its key; false when something that is no map is in the way.
bool put(text::Value& root, std::string_view key, const text::Value& value) {
  text::Value* at = &root;
  while (true) {
    std::size_t dot = key.find('.');
    std::string_view part = key.substr(0, dot);
    text::Value* next = at->find(part);
    if (dot == std::string_view::npos) {
      if (next != nullptr) {
        return false;
      }
      at->set(part, value);
      return true;
    }
    if (next == nullptr) {
      next = &at->set(part, text::Value::map());
    } else if (!next->is(text::Kind::map)) {
      return false;
    }
    at = next;
    key.remove_prefix(dot + 1);
  }
}

}  // namespace

std::vector<FlatValue> flatten(const text::Value& document) {
  std::vector<FlatValue> out;
  if (document.is(text::Kind::map) && document.entries().empty()) {
    return out;
  }
  collect("", document, out);
  return out;
}

text::Value nest(const std::vector<FlatValue>& values) {
  text::Value root = text::Value::map();
  for (const FlatValue& one : values) {
    if (!put(root, one.key, one.value)) {
      root.set(one.key, one.value);
    }
  }
  return root;
}

}  // namespace cairn::report
