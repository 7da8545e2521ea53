// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/escape.h"
#include "os/path.h"
#include "pipeline/lock.h"
#include "pipeline/lock_paths.h"
#include "pipeline/stage_path.h"
#include "text/conflict_markers.h"
#include "text/yaml.h"

namespace cairn::pipeline {
namespace {

using text::Diagnostics;
using text::Entry;
using text::Kind;
using text::Value;

enum class VariableValue : std::uint8_t { is_set, may_be_unset };

/// Reads one block of a lock in `folder`.
class BlockReader : private LockPathReader {
 public:
  BlockReader(std::string_view folder, Diagnostics& problems)
      : LockPathReader(folder, problems), folder_(folder) {}

  StageLock read(const Entry& entry) {
    block_.name = entry.key;
    block_.shell = kDefaultShell;
    block_.wdir = folder_;
    if (entry.key.empty()) {
      problem(entry.key_begin, "a stage's name is empty");
    }
    for (const Entry& key : map(entry.key, entry.value)) {
      read_key(key);
    }
    if (entry.value.is(Kind::map) && entry.value.find("cmd") == nullptr) {
      problem(entry.key_begin, fmt::format("stage {} has no 'cmd'", quoted(entry.key)));
    }
    return std::move(block_);
  }

 private:
  void read_key(const Entry& key) {
    if (key.key == "cmd") {
      block_.cmd = string("cmd", key.value).value_or("");
    } else if (key.key == "shell") {
      block_.shell = string("shell", key.value).value_or("");
    } else if (key.key == "wdir") {
      read_wdir(key.value);
    } else if (key.key == "code") {
      block_.code = read_paths(key);
    } else if (key.key == "deps") {
      block_.deps = read_paths(key);
    } else if (key.key == "params") {
      read_params(key.value);
    } else if (key.key == "outs") {
      block_.outs = read_outs(key);
    } else if (key.key == "environment") {
      read_environment(key.value);
    } else if (key.key == "seed") {
      read_seed(key.value);
    } else if (key.key == "env") {
      read_variables(key, VariableValue::is_set, block_.env);
    } else if (key.key == "track_env") {
      read_variables(key, VariableValue::may_be_unset, block_.track_env);
    } else {
      problem(key.key_begin, fmt::format("unknown key {}", quoted(key.key)));
    }
  }

  void read_environment(const Value& value) {
    store::Object record;
    for (const Entry& key : map("environment", value)) {
      if (key.key == "hash") {
        record.id = read_hash(key.value);
      } else if (key.key == "size") {
        record.size = number("size", key.value).value_or(0);
      } else {
        problem(key.key_begin, fmt::format("unknown key {}", quoted(key.key)));
      }
    }
    for (std::string_view key : {"hash", "size"}) {
      if (value.is(Kind::map) && value.find(key) == nullptr) {
        problem(value.begin(), fmt::format("lacks {}", quoted(key)));
      }
    }
    block_.environment = record;
  }

  void read_seed(const Value& value) {
    if (value.is(Kind::integer)) {
      block_.seed = value.int_value();
    } else {
      wrong_type("seed", "an integer", value);
    }
  }

  void read_variables(const Entry& key, VariableValue allowed, std::vector<LockedVariable>& variables) {
    for (const Entry& variable : map(key.key, key.value)) {
      const bool unset = allowed == VariableValue::may_be_unset && variable.value.is(Kind::null);
      variables.push_back({variable.key, unset ? std::nullopt : string(variable.key, variable.value)});
    }
    std::sort(variables.begin(), variables.end(),
              [](const LockedVariable& a, const LockedVariable& b) { return a.name < b.name; });
  }

  void read_wdir(const Value& value) {
    if (std::optional<std::string> written = string("wdir", value)) {
      Result<std::string> resolved = resolve_path(*written, folder_);
      if (resolved.ok()) {
        block_.wdir = std::move(resolved).value();
      } else {
        problem(value.begin(), resolved.error().message());
      }
    }
  }

  void read_params(const Value& value) {
    for (const Entry& file : map("params", value)) {
      const std::optional<std::string> resolved = path(file.key, file.key_begin, folder_);
      for (const Entry& param : map(file.key, file.value)) {
        block_.params.push_back({resolved.value_or("-"), param.key, param.value});
      }
    }
    std::sort(block_.params.begin(), block_.params.end(), [](const LockedParam& a, const LockedParam& b) {
      return std::tie(a.file, a.key) < std::tie(b.file, b.key);
    });
    const auto twice = std::adjacent_find(
        block_.params.begin(), block_.params.end(),
        [](const LockedParam& a, const LockedParam& b) { return a.file == b.file && a.key == b.key; });
    if (twice != block_.params.end()) {
      problem(value.begin(),
              fmt::format("'params' names {}:{} twice", quoted(twice->file), quoted(twice->key)));
    }
  }

  std::string_view folder_;
  StageLock block_;
};

Status check_version(const Value& document, std::string_view path) {
  const Value* version = document.find("cairn");
  if (version == nullptr || !version->is(Kind::integer) || version->int_value() < 1) {
    const text::Position& at = version == nullptr ? document.begin() : version->begin();
    return Error(Code::malformed,
                 fmt::format("{}: not a lock: it has no line 'cairn: 1'", text::place(path, at)));
  }
  if (version->int_value() > 1) {
    return Error(Code::unsupported, fmt::format("{}: lock format {} is newer than this cairn, which reads 1",
                                                text::place(path, version->begin()), version->int_value()))
        .with_hint("install a newer cairn");
  }
  return {};
}

}  // namespace

Result<Lock> parse_lock(std::string_view text, std::string_view path) {
  if (text::has_conflict_markers(text)) {
    return text::in_conflict(path);
  }
  CAIRN_TRY_ASSIGN(const Value document, text::parse_yaml(text, path));
  CAIRN_TRY(check_version(document, path));
  Diagnostics problems(path, text);
  const std::string_view folder = os::parent_of(path);
  Lock lock;
  for (const Entry& entry : document.entries()) {
    if (entry.key == "stages") {
      for (const Entry& stage : ValueReader(problems).map("stages", entry.value)) {
        lock.stages.push_back(BlockReader(folder, problems).read(stage));
      }
    } else if (entry.key != "cairn") {
      problems.add(entry.key_begin, fmt::format("unknown key {}", quoted(entry.key)));
    }
  }
  if (document.find("stages") == nullptr) {
    problems.add(document.begin(), "lacks 'stages'");
  }
  CAIRN_TRY(problems.status());
  std::sort(lock.stages.begin(), lock.stages.end(),
            [](const StageLock& a, const StageLock& b) { return a.name < b.name; });
  return lock;
}

}  // namespace cairn::pipeline
