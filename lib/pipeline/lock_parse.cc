// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/escape.h"
#include "os/path.h"
#include "pipeline/lock.h"
#include "pipeline/stage_path.h"
#include "pipeline/value_reader.h"
#include "text/yaml.h"

namespace cairn::pipeline {
namespace {

using text::Diagnostics;
using text::Entry;
using text::Kind;
using text::Value;

/// Reads one block of a lock in `folder`.
class BlockReader : private ValueReader {
 public:
  BlockReader(std::string_view folder, Diagnostics& problems) : ValueReader(problems), folder_(folder) {}

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
      read_paths(key, block_.code);
    } else if (key.key == "deps") {
      read_paths(key, block_.deps);
    } else if (key.key == "params") {
      read_params(key.value);
    } else if (key.key == "outs") {
      read_outs(key);
    } else {
      unknown(key);
    }
  }

  void unknown(const Entry& key) { problem(key.key_begin, fmt::format("unknown key {}", quoted(key.key))); }

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

  /// The keys that code, deps and outs share. False for any other key.
  bool read_path_key(const Entry& key, LockedPath& item) {
    const Value& value = key.value;
    if (key.key == "path") {
      if (std::optional<std::string> written = string("path", value)) {
        item.path = path(*written, value.begin(), folder_).value_or("-");
      }
    } else if (key.key == "type") {
      read_type(value, item.state);
    } else if (key.key == "hash") {
      read_hash(value, item.state);
    } else if (key.key == "size") {
      item.state.object.size = number("size", value).value_or(0);
    } else if (key.key == "files") {
      item.state.files = number("files", value).value_or(0);
    } else if (key.key == "exec") {
      item.state.executable = only("exec", value, true);
    } else {
      return false;
    }
    return true;
  }

  void read_type(const Value& value, PathState& state) {
    const std::string type = string("type", value).value_or("file");
    if (type == "tree") {
      state.object.family = store::Family::tree;
    } else if (type != "file") {
      problem(value.begin(), fmt::format("unknown type {}: it is file or tree", quoted(type)));
    }
  }

  void read_hash(const Value& value, PathState& state) {
    if (std::optional<std::string> written = string("hash", value)) {
      const std::optional<store::Id> id = store::Id::from_text(*written);
      if (!id) {
        problem(value.begin(), fmt::format("bad hash {}: it is b3: and 64 hex digits", quoted(*written)));
      }
      state.object.id = id.value_or(store::Id());
    }
  }

  /// A flag that is written only when it is `wanted`.
  bool only(std::string_view key, const Value& value, bool wanted) {
    const std::optional<bool> flag = boolean(key, value);
    if (flag && *flag != wanted) {
      problem(value.begin(), fmt::format("{} may only be {}", quoted(key), wanted));
    }
    return wanted;
  }

  void check_path_entry(const Value& entry, const LockedPath& item) {
    for (std::string_view key : {"path", "type", "hash", "size"}) {
      if (entry.find(key) == nullptr) {
        problem(entry.begin(), fmt::format("lacks {}", quoted(key)));
      }
    }
    if (item.state.is_tree() != (entry.find("files") != nullptr)) {
      problem(entry.begin(), item.state.is_tree() ? "lacks 'files'" : "'files' is for trees only");
    }
    if (item.state.is_tree() && item.state.executable) {
      problem(entry.begin(), "'exec' is for files only");
    }
  }

  void read_paths(const Entry& key, std::vector<LockedPath>& paths) {
    for (const Value& entry : list(key.key, key.value)) {
      LockedPath item;
      for (const Entry& field : map(key.key, entry)) {
        if (!read_path_key(field, item)) {
          unknown(field);
        }
      }
      check_path_entry(entry, item);
      paths.push_back(std::move(item));
    }
    sort_paths(key, paths);
  }

  void read_outs(const Entry& key) {
    for (const Value& entry : list(key.key, key.value)) {
      LockedPath item;
      LockedOut out;
      for (const Entry& field : map(key.key, entry)) {
        if (field.key == "cache") {
          out.cached = only("cache", field.value, false);
        } else if (field.key == "metric") {
          out.kind = only("metric", field.value, true) ? OutKind::metric : OutKind::data;
        } else if (!read_path_key(field, item)) {
          unknown(field);
        }
      }
      check_path_entry(entry, item);
      out.path = std::move(item.path);
      out.state = item.state;
      block_.outs.push_back(std::move(out));
    }
    sort_paths(key, block_.outs);
  }

  template <class T>
  void sort_paths(const Entry& key, std::vector<T>& paths) {
    std::sort(paths.begin(), paths.end(), [](const T& a, const T& b) { return a.path < b.path; });
    const auto twice = std::adjacent_find(paths.begin(), paths.end(),
                                          [](const T& a, const T& b) { return a.path == b.path; });
    if (twice != paths.end()) {
      problem(key.key_begin, fmt::format("{} names {} twice", quoted(key.key), quoted(twice->path)));
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
