// SPDX-License-Identifier: Apache-2.0
#include "project/stat_cache.h"

#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>

#include "os/mapping.h"
#include "os/path.h"
#include "project/stat_table.h"

namespace cairn::project {
namespace {

/// Longest step of any clock that file systems take times from, with a margin: a kernel tick is 4 or 10 ms at
/// most.
constexpr std::int64_t kClockGrainNs = 10'000'000;

std::optional<os::Mapping> map_file(const std::string& path) {
  Result<os::Mapping> mapping = os::Mapping::open(path);
  if (!mapping.ok()) {
    return std::nullopt;
  }
  return std::move(mapping).value();
}

}  // namespace

struct StatCache::State {
  std::string path;
  std::optional<os::Mapping> mapping;
  StatTable base;
  mutable std::shared_mutex mutex;
  std::map<std::string, StatRow, std::less<>> changes;
  std::set<std::string, std::less<>> forgotten;  // of the base only; changes are erased at once

  void map_base() {
    mapping = map_file(path);
    base = mapping ? StatTable(mapping->bytes()) : StatTable();
  }

  /// REQUIRES: the mutex is held.
  [[nodiscard]] bool is_forgotten(std::string_view name) const {
    for (; !forgotten.empty() && !name.empty(); name = os::parent_of(name)) {
      if (forgotten.contains(name)) {
        return true;
      }
    }
    return forgotten.contains(name);
  }

  [[nodiscard]] Buffer merged() const;
};

Buffer StatCache::State::merged() const {
  StatTableBuilder builder;
  auto change = changes.begin();
  for (std::size_t i = 0; i < base.size(); ++i) {
    const std::optional<StatRow> row = base.row(i);
    if (!row) {
      continue;
    }
    const std::string_view name = *base.path(i);
    for (; change != changes.end() && change->first < name; ++change) {
      builder.add(change->first, change->second);
    }
    const bool replaced = change != changes.end() && change->first == name;
    if (!replaced && !is_forgotten(name)) {
      builder.add(name, *row);
    }
  }
  for (; change != changes.end(); ++change) {
    builder.add(change->first, change->second);
  }
  return builder.finish();
}

StatCache::StatCache(std::unique_ptr<State> state) : state_(std::move(state)) {}
StatCache::StatCache(StatCache&&) noexcept = default;
StatCache& StatCache::operator=(StatCache&&) noexcept = default;
StatCache::~StatCache() = default;

StatCache StatCache::load(const std::string& path) {
  auto state = std::make_unique<State>();
  state->path = path;
  state->map_base();
  return StatCache(std::move(state));
}

std::optional<store::Id> StatCache::find(std::string_view path, const os::FileStat& stat) const {
  std::optional<StatRow> row;
  {
    const std::shared_lock lock(state_->mutex);
    if (auto change = state_->changes.find(path); change != state_->changes.end()) {
      row = change->second;
    } else if (!state_->is_forgotten(path)) {
      row = state_->base.find(path);
    }
  }
  if (!row || !row->matches(stat)) {
    return std::nullopt;
  }
  return row->id;
}

void StatCache::put(std::string_view path, const os::FileStat& stat, const store::Id& id) {
  const std::unique_lock lock(state_->mutex);
  state_->changes.insert_or_assign(std::string(path), StatRow(stat, id));
}

void StatCache::forget(std::string_view path) {
  const std::unique_lock lock(state_->mutex);
  auto& changes = state_->changes;
  if (auto exact = changes.find(path); exact != changes.end()) {
    changes.erase(exact);
  }
  const std::string below = path.empty() ? std::string() : std::string(path) + "/";
  for (auto it = changes.lower_bound(below); it != changes.end() && it->first.starts_with(below);) {
    it = changes.erase(it);
  }
  state_->forgotten.emplace(path);
}

Status StatCache::save() {
  const std::unique_lock lock(state_->mutex);
  if (state_->changes.empty() && state_->forgotten.empty()) {
    return {};
  }
  CAIRN_TRY(os::make_folders(std::string(os::parent_of(state_->path)), os::Durable::no));
  os::WriteOptions options;
  options.durable = os::Durable::no;
  CAIRN_TRY(os::write_atomic(state_->path, state_->merged(), options));
  state_->changes.clear();
  state_->forgotten.clear();
  state_->map_base();
  return {};
}

bool StatCache::is_settled(const os::FileStat& stat, std::int64_t read_start_ns) {
  const std::int64_t newest = std::max(stat.mtime_ns, stat.ctime_ns);
  return newest < read_start_ns - kClockGrainNs;
}

}  // namespace cairn::project
