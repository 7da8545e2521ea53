// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/stage.h"
#include "store/key.h"
#include "text/value.h"

/// cairn.lock (docs/format/cairn-lock.md): for every stage that ran, what went in and what came out. The file
/// holds paths relative to its own folder, so that a folder can be moved; in memory they are relative to the
/// project root.
namespace cairn::pipeline {

/// What is at a path: a file or a folder by its content.
struct PathState {
  store::Object object;     ///< family blob: a file; tree: a folder
  std::uint64_t files = 0;  ///< of a folder: files in it at any depth
  bool executable = false;  ///< of a file

  [[nodiscard]] bool is_tree() const { return object.family == store::Family::tree; }
  bool operator==(const PathState&) const = default;
};

struct LockedPath {
  std::string path;
  PathState state;
  bool operator==(const LockedPath&) const = default;
};

struct LockedParam {
  std::string file;
  std::string key;
  text::Value value;
  bool operator==(const LockedParam&) const = default;
};

/// An out as it was made. A glob has one entry for each path that matched, and one without state under its
/// own pattern when none did; an optional out that was not made has one without state.
struct LockedOut {
  std::string path;
  std::optional<PathState> state;  ///< nothing: declared but not made
  bool cached = true;
  OutKind kind = OutKind::data;
  std::string glob = {};    ///< the pattern that found it, "" for a path that was named
  bool push = true;         ///< as Out
  std::string remote = {};  ///< as Out
  bool operator==(const LockedOut&) const = default;

  [[nodiscard]] bool stored() const { return state.has_value() && (cached || kind != OutKind::data); }
  /// What cairn.yaml names: the path, or the pattern that found it.
  [[nodiscard]] const std::string& declared() const { return glob.empty() ? path : glob; }
};

/// A variable of the environment as the command saw it; no value where it was not set.
struct LockedVariable {
  std::string name;
  std::optional<std::string> value;
  bool operator==(const LockedVariable&) const = default;
};

/// One stage's block: everything its result depends on, and the result. Lists are sorted by path (params by
/// file and key, variables by name) and name nothing twice.
struct StageLock {
  std::string name;
  std::string cmd;
  std::string shell;
  std::string wdir;
  std::vector<LockedPath> code;
  std::vector<LockedPath> deps;  ///< with what its globs matched
  std::vector<LockedParam> params;
  std::vector<LockedVariable> env;        ///< set by the stage, with the names that carry the seed
  std::vector<LockedVariable> track_env;  ///< as they were found
  std::optional<std::int64_t> seed;
  std::optional<store::Object> environment;  ///< the stored record (version/environment.h)
  std::vector<LockedOut> outs;
  bool operator==(const StageLock&) const = default;
};

/// One cairn.lock. Sorted by name, no name twice. A record of one run is a Lock of one block.
struct Lock {
  std::vector<StageLock> stages;

  [[nodiscard]] const StageLock* find(std::string_view name) const;
  /// Adds the block, or replaces the one of that name.
  void put(StageLock block);
  /// True if it was there.
  bool remove(std::string_view name);
  bool operator==(const Lock&) const = default;
};

/// Canonical text for a lock in `folder` (relative to the project root). Equal locks give equal bytes
/// everywhere. REQUIRES: names, commands and paths are UTF-8, as parse_pipeline gives them.
std::string write_lock(const Lock& lock, std::string_view folder);

/// Parses the cairn.lock at `path`; accepts CRLF line ends and any order. Errors: `malformed` with
/// PATH:LINE:COLUMN for every problem (unknown key, wrong type, bad hash or path, a path twice);
/// `unsupported` for a newer version, naming it; `conflict` for one that a merge left with markers.
Result<Lock> parse_lock(std::string_view text, std::string_view path);

}  // namespace cairn::pipeline
