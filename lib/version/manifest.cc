// SPDX-License-Identifier: Apache-2.0
#include "version/manifest.h"

#include <fmt/format.h>

#include "text/yaml_writer.h"
#include "version/plain_path.h"
#include "version/run_record.h"

namespace cairn::version {
namespace {

using text::Value;

constexpr std::int64_t kVersion = 1;

Value number(std::uint64_t value) {
  return Value::integer(static_cast<std::int64_t>(value));
}

Value lock_value(const ManifestLock& lock) {
  Value map = Value::map();
  map.set("path", Value::string(plain_path(lock.path)));
  map.set("hash", Value::string(lock.hash.text()));
  return map;
}

Value stage_value(const ManifestStage& stage) {
  Value map = Value::map();
  map.set("stage", Value::string(plain_path(stage.stage)));
  map.set("key", Value::string(stage.key.text()));
  if (stage.seed) {
    map.set("seed", Value::integer(*stage.seed));
  }
  if (stage.environment) {
    Value environment = Value::map();
    environment.set("hash", Value::string(stage.environment->id.text()));
    environment.set("size", number(stage.environment->size));
    map.set("environment", std::move(environment));
  }
  if (stage.start_ms != 0) {
    map.set("start", Value::string(utc_text(stage.start_ms)));
  }
  if (Value conditions = to_value(stage.conditions); !conditions.entries().empty()) {
    map.set("conditions", std::move(conditions));
  }
  return map;
}

template <class List, class Make>
Value list_of(const List& items, Make make) {
  Value list = Value::list();
  for (const auto& item : items) {
    list.append(make(item));
  }
  return list;
}

Value by_file(const std::map<std::string, std::map<std::string, Value>>& files) {
  Value map = Value::map();
  for (const auto& [file, values] : files) {
    Value keys = Value::map();
    for (const auto& [key, value] : values) {
      keys.set(key, value);
    }
    map.set(plain_path(file), std::move(keys));
  }
  return map;
}

/// One line: the hash first, the path last, as nothing else may hold blanks.
std::string data_line(const ManifestData& data) {
  const pipeline::PathState& state = data.state;
  const char* kind = state.is_tree() ? "tree" : state.executable ? "exec" : "file";
  return fmt::format("{} {} {} {} {}\n", state.object.id.text(), kind, state.object.size, state.files,
                     plain_path(data.path));
}

}  // namespace

bool is_manifest(std::string_view text) {
  const std::size_t line = text.find('\n');
  return text.starts_with("cairn: ") && line != std::string_view::npos &&
         text.substr(line + 1).starts_with("version: ");
}

std::string write_manifest(const Manifest& manifest) {
  Value map = Value::map();
  map.set("cairn", Value::integer(kVersion));
  map.set("version", Value::string(manifest.name));
  if (!manifest.message.empty()) {
    map.set("message", Value::string(manifest.message));
  }
  map.set("commit", Value::string(manifest.commit));
  map.set("cairn_version", Value::string(manifest.cairn));
  map.set("locks", list_of(manifest.locks, lock_value));
  map.set("stages", list_of(manifest.stages, stage_value));
  map.set("params", by_file(manifest.params));
  map.set("metrics", by_file(manifest.metrics));
  Value environments = Value::map();
  for (const auto& [digest, summary] : manifest.environments) {
    environments.set(digest, summary);
  }
  map.set("environments", std::move(environments));
  map.set("system", manifest.system);
  std::string data;
  for (const ManifestData& one : manifest.data) {
    data += data_line(one);
  }
  map.set("data", Value::string(data));
  return text::write_yaml(map);
}

}  // namespace cairn::version
