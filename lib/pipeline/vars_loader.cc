// SPDX-License-Identifier: Apache-2.0
#include "pipeline/vars_loader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "os/path.h"
#include "pipeline/near_name.h"
#include "pipeline/stage.h"
#include "pipeline/template_resolve.h"

namespace cairn::pipeline {
namespace {

using text::Entry;
using text::Kind;
using text::Position;
using text::Value;

/// "a,b" as its parts; empty ones are left out.
std::set<std::string> comma_parts(std::string_view text) {
  std::set<std::string> parts;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    if (!part.empty()) {
      parts.emplace(part);
    }
  }
  return parts;
}

std::size_t count_values(const Value& value) {
  std::size_t count = 1;
  for (const Value& item : value.items()) {
    count += count_values(item);
  }
  for (const Entry& entry : value.entries()) {
    count += count_values(entry.value);
  }
  return count;
}

}  // namespace

void VarsLoader::load_default(std::string_view folder, const Position& at, Variables& variables,
                              LoadedVars& loaded) {
  const std::string path = os::join(folder, kDefaultParams);
  const std::optional<const Value*> map = document(path, at);
  if (map.value_or(nullptr) != nullptr) {
    loaded.emplace(path, std::nullopt);
    merge(**map, path, at, variables);
  }
}

void VarsLoader::load(const Value& vars, std::string_view folder, Variables& variables, LoadedVars& loaded) {
  constexpr std::size_t kMostItems = 100;
  if (vars.items().size() > kMostItems) {
    reader_.problem(vars.begin(), fmt::format("'vars' has more than {} items", kMostItems));
    return;
  }
  for (const Value& item : reader_.list("vars", vars)) {
    if (has_templates(item)) {
      reader_.problem(item.begin(), "'vars' cannot refer to variables");
    } else {
      load_item(item, folder, variables, loaded);
    }
  }
}

void VarsLoader::load_item(const Value& item, std::string_view folder, Variables& variables,
                           LoadedVars& loaded) {
  if (item.is(Kind::map)) {
    merge(item, file_, item.begin(), variables);
    return;
  }
  if (!item.is(Kind::string)) {
    reader_.wrong_type("vars", "a list of files, of FILE:KEY,KEY and of maps", item);
    return;
  }
  const std::string_view written = item.string_value();
  const std::size_t colon = std::min(written.find(':'), written.size());
  const std::set<std::string> keys = comma_parts(written.substr(std::min(colon + 1, written.size())));
  if (const std::optional<std::string> path = reader_.path(written.substr(0, colon), item.begin(), folder)) {
    load_file(*path, keys, item.begin(), variables, loaded);
  }
}

void VarsLoader::load_file(const std::string& path, const std::set<std::string>& keys, const Position& at,
                           Variables& variables, LoadedVars& loaded) {
  if (!is_new(path, keys, at, loaded)) {
    return;
  }
  const std::optional<const Value*> found = document(path, at);
  if (!found) {
    return;
  }
  const Value* map = *found;
  if (map == nullptr) {
    reader_.problem(at, fmt::format("vars file {} is missing", quoted(path)));
    return;
  }
  if (keys.empty()) {
    loaded[path] = std::nullopt;
    merge(*map, path, at, variables);
    return;
  }
  merge_part(*map, keys, path, at, variables);
  std::optional<std::set<std::string>>& all = loaded.try_emplace(path, std::set<std::string>()).first->second;
  all->insert(keys.begin(), keys.end());
}

void VarsLoader::merge_part(const Value& map, const std::set<std::string>& keys, const std::string& path,
                            const Position& at, Variables& variables) {
  Value part = Value::map();
  std::set<std::string_view> missing(keys.begin(), keys.end());
  std::vector<std::string_view> known;
  for (const Entry& entry : map.entries()) {
    known.push_back(entry.key);
    if (missing.erase(entry.key) > 0) {
      part.append_entry(entry);
    }
  }
  if (!missing.empty()) {
    const std::string_view key = *missing.begin();
    const std::string proposal = did_you_mean(key, known, "");
    reader_.problem(at, fmt::format("{} has no {}{}{}", quoted(path), quoted(key),
                                    proposal.empty() ? "" : ": ", proposal));
  }
  merge(parts_.emplace_back(std::move(part)), path, at, variables);
}

bool VarsLoader::is_new(const std::string& path, const std::set<std::string>& keys, const Position& at,
                        LoadedVars& loaded) {
  const auto before = loaded.find(path);
  if (before == loaded.end()) {
    return true;
  }
  const bool whole = !before->second.has_value();
  if (whole && keys.empty()) {
    return false;
  }
  if (whole) {
    reader_.problem(at, fmt::format("all of {} is loaded already: take the keys away", quoted(path)));
    return false;
  }
  if (keys.empty()) {
    reader_.problem(
        at, fmt::format("a part of {} is loaded already: name the keys that are missing", quoted(path)));
    return false;
  }
  for (const std::string& key : keys) {
    if (before->second->contains(key)) {
      reader_.problem(at, fmt::format("{} of {} is loaded already", quoted(key), quoted(path)));
      return false;
    }
  }
  return true;
}

std::optional<const Value*> VarsLoader::document(const std::string& path, const Position& at) {
  Result<const Value*> found = surroundings_.document(path);
  if (!found.ok()) {
    reader_.problem(at,
                    fmt::format("cannot read variables from {}:\n{}", quoted(path), found.error().message()));
    return std::nullopt;
  }
  if (*found != nullptr && !(*found)->is(Kind::map)) {
    reader_.problem(at, fmt::format("cannot read variables from {}: it holds {}, not a map", quoted(path),
                                    (*found)->type_name()));
    return std::nullopt;
  }
  if (*found != nullptr) {
    files_.insert(path);
  }
  return *found;
}

void VarsLoader::merge(const Value& map, std::string_view file, const Position& at, Variables& variables) {
  // A bound for loops whose stages load large files.
  constexpr std::size_t kMostMerged = 4'000'000;
  if (merged_ > kMostMerged) {
    return;
  }
  merged_ += count_values(map);
  if (merged_ > kMostMerged) {
    reader_.problem(at, fmt::format("all 'vars' together hold more than {} values", kMostMerged));
    return;
  }
  for (std::string_view name : {"item", "key"}) {
    if (variables.is_bound(name) && map.find(name) != nullptr) {
      reader_.problem(at, fmt::format("variable {} belongs to the loop", quoted(name)));
    }
  }
  for (const Variables::Clash& clash : variables.add(map, file)) {
    const std::string first = text::place(clash.first_file, clash.first);
    if (file == file_) {
      reader_.problem(clash.at,
                      fmt::format("variable {} is defined already at {}", quoted(clash.name), first));
    } else {
      reader_.problem(at, fmt::format("variable {} at {} is defined already at {}", quoted(clash.name),
                                      text::place(file, clash.at), first));
    }
  }
}

}  // namespace cairn::pipeline
