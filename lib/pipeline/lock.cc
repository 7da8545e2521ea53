// SPDX-License-Identifier: Apache-2.0
#include "pipeline/lock.h"

#include <algorithm>

#include "os/path.h"
#include "pipeline/stage_path.h"
#include "text/yaml_writer.h"

namespace cairn::pipeline {
namespace {

using text::Entry;
using text::Value;

struct ByName {
  bool operator()(const StageLock& block, std::string_view name) const { return block.name < name; }
};

/// Adds a key that is not there yet; Value::set would look for it.
void add(std::vector<Entry>& map, std::string_view key, Value value) {
  Entry entry;
  entry.key = key;
  entry.value = std::move(value);
  map.push_back(std::move(entry));
}

Value integer(std::uint64_t number) {
  return Value::integer(static_cast<std::int64_t>(number));
}

std::vector<Entry> path_entries(std::string_view path, const std::optional<PathState>& found) {
  std::vector<Entry> map;
  add(map, "path", Value::string(path));
  if (!found.has_value()) {
    add(map, "made", Value::boolean(false));
    return map;
  }
  const PathState& state = *found;
  add(map, "type", Value::string(state.is_tree() ? "tree" : "file"));
  add(map, "hash", Value::string(state.object.id.text()));
  add(map, "size", integer(state.object.size));
  if (state.is_tree()) {
    add(map, "files", integer(state.files));
  }
  if (state.executable) {
    add(map, "exec", Value::boolean(true));
  }
  return map;
}

Value variables(const std::vector<LockedVariable>& variables) {
  std::vector<Entry> map;
  for (const LockedVariable& variable : variables) {
    add(map, variable.name, variable.value.has_value() ? Value::string(*variable.value) : Value::null());
  }
  std::sort(map.begin(), map.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
  return Value::map(std::move(map));
}

/// What the command runs in.
void add_surroundings(std::vector<Entry>& map, const StageLock& block) {
  if (block.environment.has_value()) {
    std::vector<Entry> record;
    add(record, "hash", Value::string(block.environment->id.text()));
    add(record, "size", integer(block.environment->size));
    add(map, "environment", Value::map(std::move(record)));
  }
  if (block.seed.has_value()) {
    add(map, "seed", Value::integer(*block.seed));
  }
  if (!block.env.empty()) {
    add(map, "env", variables(block.env));
  }
  if (!block.track_env.empty()) {
    add(map, "track_env", variables(block.track_env));
  }
}

/// Writes one block with paths as its folder sees them.
class BlockWriter {
 public:
  explicit BlockWriter(std::string_view folder) : folder_(folder) {}

  [[nodiscard]] Value write(const StageLock& block) const {
    std::vector<Entry> map;
    add(map, "cmd", Value::string(block.cmd));
    if (block.shell != kDefaultShell) {
      add(map, "shell", Value::string(block.shell));
    }
    if (block.wdir != folder_) {
      add(map, "wdir", Value::string(path_from(block.wdir, folder_)));
    }
    add_surroundings(map, block);
    add_paths(map, "code", block.code, [](const LockedPath&, std::vector<Entry>&) {});
    add_paths(map, "deps", block.deps, [](const LockedPath&, std::vector<Entry>&) {});
    add_params(map, block.params);
    add_paths(map, "outs", block.outs,
              [this](const LockedOut& out, std::vector<Entry>& entries) { add_flags(out, entries); });
    return Value::map(std::move(map));
  }

 private:
  void add_flags(const LockedOut& out, std::vector<Entry>& entries) const {
    if (!out.cached) {
      add(entries, "cache", Value::boolean(false));
    }
    if (out.kind != OutKind::data) {
      add(entries, out.kind == OutKind::metric ? "metric" : "plot", Value::boolean(true));
    }
    if (!out.push) {
      add(entries, "push", Value::boolean(false));
    }
    if (!out.remote.empty()) {
      add(entries, "remote", Value::string(out.remote));
    }
    if (!out.glob.empty()) {
      add(entries, "glob", Value::string(path_from(out.glob, folder_)));
    }
  }

  template <class T, class Flags>
  void add_paths(std::vector<Entry>& map, std::string_view key, const std::vector<T>& paths,
                 Flags flags) const {
    if (paths.empty()) {
      return;
    }
    std::vector<std::pair<std::string, const T*>> sorted;
    for (const T& item : paths) {
      sorted.emplace_back(path_from(item.path, folder_), &item);
    }
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Value> list;
    for (const auto& item : sorted) {
      std::vector<Entry> entries = path_entries(item.first, item.second->state);
      flags(*item.second, entries);
      list.push_back(Value::map(std::move(entries)));
    }
    add(map, key, Value::list(std::move(list)));
  }

  void add_params(std::vector<Entry>& map, const std::vector<LockedParam>& params) const {
    if (params.empty()) {
      return;
    }
    std::vector<std::pair<std::string, const LockedParam*>> sorted;
    for (const LockedParam& param : params) {
      sorted.emplace_back(path_from(param.file, folder_), &param);
    }
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first < b.first : a.second->key < b.second->key;
    });
    std::vector<Entry> files;
    for (const auto& item : sorted) {
      if (files.empty() || files.back().key != item.first) {
        add(files, item.first, Value::map());
      }
      files.back().value.set(item.second->key, item.second->value);
    }
    add(map, "params", Value::map(std::move(files)));
  }

  std::string_view folder_;
};

}  // namespace

const StageLock* Lock::find(std::string_view name) const {
  const auto at = std::lower_bound(stages.begin(), stages.end(), name, ByName());
  return at != stages.end() && at->name == name ? &*at : nullptr;
}

void Lock::put(StageLock block) {
  const auto at = std::lower_bound(stages.begin(), stages.end(), block.name, ByName());
  if (at != stages.end() && at->name == block.name) {
    *at = std::move(block);
  } else {
    stages.insert(at, std::move(block));
  }
}

bool Lock::remove(std::string_view name) {
  const auto at = std::lower_bound(stages.begin(), stages.end(), name, ByName());
  if (at == stages.end() || at->name != name) {
    return false;
  }
  stages.erase(at);
  return true;
}

std::string write_lock(const Lock& lock, std::string_view folder) {
  const BlockWriter writer(folder);
  std::vector<Entry> stages;
  stages.reserve(lock.stages.size());
  for (const StageLock& block : lock.stages) {
    add(stages, block.name, writer.write(block));
  }
  std::vector<Entry> document;
  add(document, "cairn", Value::integer(1));
  add(document, "stages", Value::map(std::move(stages)));
  return text::write_yaml(Value::map(std::move(document)));
}

}  // namespace cairn::pipeline
