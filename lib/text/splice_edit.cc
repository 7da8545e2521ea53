// SPDX-License-Identifier: Apache-2.0
#include "text/splice_edit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/escape.h"
#include "text/yaml.h"
#include "text/yaml_writer.h"

namespace cairn::text {
namespace {

/// The item of `items` that a step of a path names; null pointer if it names none.
template <class Items>
auto* item_at(Items items, const std::string& step) {
  std::size_t index = 0;
  const char* end = step.data() + step.size();
  const auto [stop, error] = std::from_chars(step.data(), end, index);
  const bool good = error == std::errc() && stop == end && index < items.size();
  return good ? &items[index] : nullptr;
}

const Entry* entry_at(const Value& map, const std::string& step) {
  const auto entries = map.entries();
  const auto entry =
      std::find_if(entries.begin(), entries.end(), [&step](const Entry& e) { return e.key == step; });
  return entry == entries.end() ? nullptr : &*entry;
}

}  // namespace

Value* find_value(Value& root, const KeyPath& path) {
  Value* value = &root;
  for (const std::string& step : path) {
    if (value == nullptr) {
      return nullptr;
    }
    value = value->is(Kind::list) ? item_at(value->items(), step) : value->find(step);
  }
  return value;
}

std::string shown(const KeyPath& path) {
  return cairn::quoted(fmt::format("{}", fmt::join(path, ".")));
}

KeyPath parent_of(const KeyPath& path) {
  return {path.begin(), path.end() - 1};
}

Result<Edit> Edit::open(const Document& document, const KeyPath& path) {
  CAIRN_TRY_ASSIGN(Value tree, parse_yaml(document.text, document.path));
  return Edit(document, path, std::move(tree));
}

Result<Spot> Edit::locate(const KeyPath& path) const {
  Spot spot{&tree_, nullptr, nullptr, false};
  for (std::size_t i = 0; i < path.size(); ++i) {
    const Entry* entry = entry_at(*spot.value, path[i]);
    const Value* next = entry != nullptr ? &entry->value : item_at(spot.value->items(), path[i]);
    if (next == nullptr) {
      const KeyPath known(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      return Error(Code::not_found,
                   fmt::format("no key {} in {}", shown(known), cairn::quoted(document_.path)));
    }
    spot = {next, entry, spot.value, spot.in_flow || spot.value->style() == Style::flow};
  }
  return spot;
}

Error Edit::refusal() const {
  return {Code::malformed,
          fmt::format("cannot edit {} in {} without touching the rest of it", shown(path_),
                      cairn::quoted(document_.path)),
          fmt::format("edit {} by hand", cairn::quoted(document_.path))};
}

Result<std::string> Edit::finish(std::string result) const {
  Result<Value> back = parse_yaml(result, document_.path);
  if (!back.ok() || write_yaml(*back) != write_yaml(wanted_)) {
    return refusal();
  }
  return result;
}

}  // namespace cairn::text
