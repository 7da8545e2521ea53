// SPDX-License-Identifier: Apache-2.0
#include "pipeline/lock_paths.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"

namespace cairn::pipeline {

using text::Entry;
using text::Kind;
using text::Value;

void LockPathReader::unknown(const Entry& key) {
  problem(key.key_begin, fmt::format("unknown key {}", quoted(key.key)));
}

/// The keys that code, deps and outs share. False for any other key.
bool LockPathReader::read_path_key(const Entry& key, LockedPath& item) {
  const Value& value = key.value;
  if (key.key == "path") {
    if (std::optional<std::string> written = string("path", value)) {
      item.path = path(*written, value.begin(), folder_).value_or("-");
    }
  } else if (key.key == "type") {
    read_type(value, item.state);
  } else if (key.key == "hash") {
    item.state.object.id = read_hash(value);
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

void LockPathReader::read_type(const Value& value, PathState& state) {
  const std::string type = string("type", value).value_or("file");
  if (type == "tree") {
    state.object.family = store::Family::tree;
  } else if (type != "file") {
    problem(value.begin(), fmt::format("unknown type {}: it is file or tree", quoted(type)));
  }
}

store::Id LockPathReader::read_hash(const Value& value) {
  const std::optional<std::string> written = string("hash", value);
  if (!written) {
    return {};
  }
  const std::optional<store::Id> id = store::Id::from_text(*written);
  if (!id) {
    problem(value.begin(), fmt::format("bad hash {}: it is b3: and 64 hex digits", quoted(*written)));
  }
  return id.value_or(store::Id());
}

/// A flag that is written only when it is `wanted`.
bool LockPathReader::only(std::string_view key, const Value& value, bool wanted) {
  const std::optional<bool> flag = boolean(key, value);
  if (flag && *flag != wanted) {
    problem(value.begin(), fmt::format("{} may only be {}", quoted(key), wanted));
  }
  return wanted;
}

/// The keys of outs alone. False for any other key.
bool LockPathReader::read_flag(const Entry& key, LockedOut& out) {
  const Value& value = key.value;
  if (key.key == "cache") {
    out.cached = only("cache", value, false);
  } else if (key.key == "metric" || key.key == "plot") {
    only(key.key, value, true);
    if (out.kind != OutKind::data) {
      problem(key.key_begin, "an out is a metric or a plot, not both");
    }
    out.kind = key.key == "metric" ? OutKind::metric : OutKind::plot;
  } else if (key.key == "push") {
    out.push = only("push", value, false);
  } else if (key.key == "remote") {
    out.remote = string("remote", value).value_or("");
    if (value.is(Kind::string) && out.remote.empty()) {
      problem(value.begin(), "'remote' is empty");
    }
  } else if (key.key == "glob") {
    if (std::optional<std::string> written = string("glob", value)) {
      out.glob = path(*written, value.begin(), folder_).value_or("-");
    }
  } else {
    return false;
  }
  return true;
}

void LockPathReader::check_path_entry(const Value& entry, const LockedPath& item) {
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

void LockPathReader::check_not_made(const Value& entry) {
  if (entry.find("path") == nullptr) {
    problem(entry.begin(), "lacks 'path'");
  }
  for (std::string_view key : {"type", "hash", "size", "files", "exec"}) {
    if (entry.find(key) != nullptr) {
      problem(entry.begin(), fmt::format("{} is for outs that were made", quoted(key)));
    }
  }
}

std::vector<LockedPath> LockPathReader::read_paths(const Entry& key) {
  std::vector<LockedPath> paths;
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
  return paths;
}

std::vector<LockedOut> LockPathReader::read_outs(const Entry& key) {
  std::vector<LockedOut> outs;
  for (const Value& entry : list(key.key, key.value)) {
    LockedPath item;
    LockedOut out;
    bool made = true;
    for (const Entry& field : map(key.key, entry)) {
      if (field.key == "made") {
        made = only("made", field.value, false);
      } else if (!read_path_key(field, item) && !read_flag(field, out)) {
        unknown(field);
      }
    }
    out.path = std::move(item.path);
    if (made) {
      check_path_entry(entry, item);
      out.state = item.state;
    } else {
      check_not_made(entry);
    }
    outs.push_back(std::move(out));
  }
  sort_paths(key, outs);
  return outs;
}

template <class T>
void LockPathReader::sort_paths(const Entry& key, std::vector<T>& paths) {
  std::sort(paths.begin(), paths.end(), [](const T& a, const T& b) { return a.path < b.path; });
  const auto twice =
      std::adjacent_find(paths.begin(), paths.end(), [](const T& a, const T& b) { return a.path == b.path; });
  if (twice != paths.end()) {
    problem(key.key_begin, fmt::format("{} names {} twice", quoted(key.key), quoted(twice->path)));
  }
}

}  // namespace cairn::pipeline
