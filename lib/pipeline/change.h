// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/inputs.h"
#include "pipeline/lock.h"
#include "pipeline/stage.h"

namespace cairn::pipeline {

/// Why a stage is not up to date.
enum class ChangeKind : std::uint8_t {
  never_run,  ///< it has no block in the lock
  always,     ///< it runs every time
  forced,     ///< the user asked for it
  upstream,   ///< dry run: a stage before it would run and may change its deps; name is its address
  cmd,
  shell,
  wdir,
  seed,  ///< with the variables that carry it
  env_added,
  env_removed,
  env_modified,
  track_env_added,
  track_env_removed,
  track_env_modified,
  environment,  ///< before and after are the ids of the records
  code_added,
  code_removed,
  code_modified,
  dep_added,
  dep_removed,
  dep_modified,
  dep_missing,
  param_added,
  param_removed,
  param_modified,
  param_missing,
  out_added,
  out_removed,
  out_caching,  ///< `cache:` was changed
  out_modified,
  out_missing,
  out_extra,  ///< matches a glob, or stands at an optional out, but was not made by the recorded run
};

/// The name in JSON: "dep_modified".
std::string_view change_name(ChangeKind kind);

/// One reason. `before` and `after` are for people: the command, the id ("b3:…"), the value in canonical
/// form; empty where there is none. `was` and `now` are the states of a path, so that a folder can be
/// compared entry by entry.
struct Change {
  ChangeKind kind = ChangeKind::never_run;
  std::string name;  ///< path (of an out added or removed: as declared), "FILE:KEY" of a param, name of a
                     ///< variable, address of a stage; empty for the stage's own keys
  std::string before;
  std::string after;
  std::optional<PathState> was;
  std::optional<PathState> now;
  /// Of a folder: what differs in it, as "modified data/a.csv"; of an environment: what differs, in words.
  /// Filled by those who can read them.
  std::vector<std::string> inside;
};

/// One line for people, without the stage: "dep 'data.csv' changed: b3:0123456789ab -> b3:fedcba987654".
std::string describe(const Change& change);

/// Everything that makes `stage` not up to date against its block (null pointer: it never ran), in a fixed
/// order: the stage's own keys, seed, variables, environment, code, deps, params, outs, each sorted by name.
/// Empty: up to date. A frozen stage's outs alone are checked. Without never_run, always and out_modified,
/// out_missing or out_extra, the list is empty exactly when the stage keys are equal.
std::vector<Change> explain(const Stage& stage, const StageLock* block, const Inputs& inputs);

}  // namespace cairn::pipeline
