// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/escape.h"
#include "pipeline/loop.h"
#include "pipeline/scalar_text.h"

namespace cairn::pipeline {

using text::Entry;
using text::Kind;
using text::Value;

std::string name_part(const Value& value, std::string composite) {
  return value.is_scalar() ? pasted_text(value) : std::move(composite);
}

std::vector<LoopItem> foreach_items(const Value& data, ValueReader& reader) {
  std::vector<LoopItem> items;
  if (!data.is(Kind::list) && !data.is(Kind::map)) {
    reader.wrong_type("foreach", "a list or a map", data);
    return items;
  }
  const std::size_t count = data.items().size() + data.entries().size();
  if (count > kMostLoopStages) {
    reader.problem(data.begin(), fmt::format("'foreach' makes {} stages, more than the limit of {}", count,
                                             kMostLoopStages));
    return items;
  }
  for (const Entry& entry : data.entries()) {
    items.push_back({entry.key, &entry.value, {}, true});
  }
  const bool numbered = std::any_of(data.items().begin(), data.items().end(),
                                    [](const Value& item) { return !item.is_scalar(); });
  std::unordered_map<std::string, const Value*> seen;
  for (std::size_t i = 0; i < data.items().size(); ++i) {
    const Value& item = data.items()[i];
    std::string suffix = numbered ? fmt::to_string(i) : pasted_text(item);
    const auto [first, is_new] = seen.try_emplace(suffix, &item);
    if (is_new) {
      items.push_back({std::move(suffix), &item, {}, false});
    } else if (!(*first->second == item)) {
      reader.problem(item.begin(), fmt::format("two items of 'foreach' are called {}", quoted(suffix)));
    }
  }
  return items;
}

}  // namespace cairn::pipeline
