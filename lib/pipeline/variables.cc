// SPDX-License-Identifier: Apache-2.0
#include "pipeline/variables.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/escape.h"
#include "pipeline/near_name.h"

namespace cairn::pipeline {
namespace {

using text::Entry;
using text::Kind;
using text::Value;

/// Longer maps get an index.
constexpr std::size_t kScanned = 16;

const Value* list_item(const Value& list, std::string_view number) {
  std::size_t index = 0;
  const char* end = number.data() + number.size();
  const auto parsed = std::from_chars(number.data(), end, index);
  const bool in_list = parsed.ec == std::errc() && parsed.ptr == end && index < list.items().size();
  return in_list ? &list.items()[index] : nullptr;
}

void merge_into(Value& target, const Value& map) {
  for (const Entry& entry : map.entries()) {
    Value* present = target.find(entry.key);
    if (present == nullptr) {
      target.append_entry(entry);
    } else if (present->is(Kind::map) && entry.value.is(Kind::map)) {
      merge_into(*present, entry.value);
    }
  }
}

}  // namespace

std::vector<Variables::Clash> Variables::add(const Value& map, std::string_view file) {
  std::vector<const Layer*> layers;
  append_layers(layers);
  std::vector<std::pair<const Value*, const Layer*>> present;
  for (const Layer* layer : layers) {
    present.emplace_back(layer->map, layer);
  }
  std::vector<Clash> clashes;
  find_clashes(map, present, "", clashes);
  layers_.push_back({&map, std::string(file)});
  return clashes;
}

void Variables::find_clashes(const Value& map,
                             const std::vector<std::pair<const Value*, const Layer*>>& present,
                             const std::string& prefix, std::vector<Clash>& out) {
  for (const Entry& entry : map.entries()) {
    std::vector<std::pair<const Value*, const Layer*>> inside;
    for (const auto& [parent, layer] : present) {
      const Value* same = child(*parent, entry.key);
      if (same == nullptr) {
        continue;
      }
      if (!same->is(Kind::map) || !entry.value.is(Kind::map)) {
        const auto first = std::find_if(parent->entries().begin(), parent->entries().end(),
                                        [same](const Entry& e) { return &e.value == same; });
        out.push_back({prefix + entry.key, entry.key_begin, layer->file, first->key_begin});
        inside.clear();
        break;
      }
      inside.emplace_back(same, layer);
    }
    if (!inside.empty()) {
      find_clashes(entry.value, inside, prefix + entry.key + ".", out);
    }
  }
}

void Variables::append_layers(std::vector<const Layer*>& layers) const {
  if (outer_ != nullptr) {
    outer_->append_layers(layers);
  }
  for (const Layer& layer : layers_) {
    layers.push_back(&layer);
  }
}

const Value* Variables::child(const Value& parent, std::string_view key) {
  if (parent.is(Kind::list)) {
    return list_item(parent, key);
  }
  if (parent.entries().size() <= kScanned) {
    return parent.find(key);
  }
  auto [index, is_new] = outermost().indexes_.try_emplace(&parent);
  if (is_new) {
    for (const Entry& entry : parent.entries()) {
      index->second.emplace(entry.key, &entry);
    }
  }
  const auto entry = index->second.find(key);
  return entry == index->second.end() ? nullptr : &entry->second->value;
}

Variables::Found Variables::children(const Found& parents, std::string_view key) {
  Found found;
  for (const Value* parent : parents) {
    const Value* value = child(*parent, key);
    if (value == nullptr || (!found.empty() && !value->is(Kind::map))) {
      continue;
    }
    found.push_back(value);
    if (!value->is(Kind::map)) {
      break;
    }
  }
  return found;
}

Variables::Found Variables::top(const std::string& name) {
  const auto bound = bound_.find(name);
  if (bound == bound_.end()) {
    Found maps;
    std::vector<const Layer*> layers;
    append_layers(layers);
    for (const Layer* layer : layers) {
      maps.push_back(layer->map);
    }
    return children(maps, name);
  }
  if (bound->second.value == nullptr) {
    Value map = Value::map();
    for (const auto& [field, value] : bound->second.fields) {
      map.append_entry({field, *value, {}, {}});
    }
    bound->second.value = &made_.emplace_back(std::move(map));
  }
  return {bound->second.value};
}

const Value* Variables::merged(const Found& found) {
  if (found.size() < 2) {
    return found.empty() ? nullptr : found.front();
  }
  auto [known, is_new] = outermost().merged_.try_emplace(found, *found.front());
  if (is_new) {
    for (std::size_t i = 1; i < found.size(); ++i) {
      merge_into(known->second, *found[i]);
    }
  }
  return &known->second;
}

const Value* Variables::find(const std::vector<std::string>& path) {
  const auto bound = bound_.find(path.front());
  if (path.size() > 1 && bound != bound_.end() && bound->second.value == nullptr) {
    // The usual case of a matrix, without making the map.
    for (const auto& [field, value] : bound->second.fields) {
      if (field == path[1]) {
        Found found = {value};
        for (std::size_t i = 2; i < path.size(); ++i) {
          found = children(found, path[i]);
        }
        return merged(found);
      }
    }
    return nullptr;
  }
  Found found = top(path.front());
  for (std::size_t i = 1; i < path.size(); ++i) {
    found = children(found, path[i]);
  }
  return merged(found);
}

std::string Variables::missing(const std::vector<std::string>& path) {
  std::string name = path.front();
  Found found = top(name);
  if (found.empty()) {
    std::vector<std::string_view> known;
    for (const auto& [bound, unused] : bound_) {
      known.push_back(bound);
    }
    std::vector<const Layer*> layers;
    append_layers(layers);
    for (const Layer* layer : layers) {
      for (const Entry& entry : layer->map->entries()) {
        known.push_back(entry.key);
      }
    }
    return fmt::format(
        "no variable {}: {}", quoted(name),
        did_you_mean(name, known, "define it in params.yaml or 'vars', or write \\${ for the shell's"));
  }
  for (std::size_t i = 1; i < path.size(); ++i) {
    Found inner = children(found, path[i]);
    if (!inner.empty()) {
      found = std::move(inner);
      name += "." + path[i];
      continue;
    }
    if (found.front()->is(Kind::list)) {
      return fmt::format("list {} has {} items and no item {}", quoted(name), found.front()->items().size(),
                         quoted(path[i]));
    }
    if (found.front()->is_scalar()) {
      return fmt::format("{} is {}: it has no {}", quoted(name), found.front()->type_name(), quoted(path[i]));
    }
    std::vector<std::string_view> known;
    for (const Value* map : found) {
      for (const Entry& entry : map->entries()) {
        known.push_back(entry.key);
      }
    }
    const std::string proposal = did_you_mean(path[i], known, "");
    return fmt::format("{} has no {}{}{}", quoted(name), quoted(path[i]), proposal.empty() ? "" : ": ",
                       proposal);
  }
  return fmt::format("no variable {}", quoted(name));
}

}  // namespace cairn::pipeline
