// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "pipeline/lock.h"
#include "pipeline/stage.h"
#include "text/value.h"

namespace cairn::pipeline {

/// What is now at a path; no state where nothing is.
struct FoundPath {
  std::string path;  ///< of a glob that matches nothing: the pattern
  std::optional<PathState> state;
  std::string glob = {};  ///< the pattern that found it, "" for a path that was named
};

/// A parameter's value now; no value where the file or the key is missing.
struct FoundParam {
  std::string file;
  std::string key;
  std::optional<text::Value> value;
};

/// The world as a stage sees it now: one entry for each dep and out of the stage (of a glob: for each match,
/// or one without state), for each of its code files, for each of its params (find_params), for each tracked
/// variable. In any order.
struct Inputs {
  std::vector<FoundPath> code;
  std::vector<FoundPath> deps;
  std::vector<FoundParam> params;
  std::vector<FoundPath> outs;
  std::vector<LockedVariable> variables;     ///< the stage's track_env
  std::optional<store::Object> environment;  ///< the record of its environment, of a stage that declares one
};

/// The values of a stage's `wanted` keys in `document`, the content of that params file (null pointer: the
/// file is missing). A whole file gives one entry a top-level key. Key parts are split at dots; a part is a
/// map key or the number of a list item. A key that is not there and holds `*`, `?` or `[` is a pattern: each
/// of its parts is matched (git::Glob) against the keys of its level, every match is an entry under its own
/// key; none: one entry without value under the pattern. No key is given twice.
std::vector<FoundParam> find_params(const ParamFile& wanted, const text::Value* document);

/// What the stage sets in its command's environment, sorted by name: its `env`, and where it has a seed the
/// names that carry it: CAIRN_SEED, PYTHONHASHSEED (modulo 2^32, since Python takes 0…4294967295) and the
/// seed's own. A name that stands in `env` keeps that value.
std::vector<LockedVariable> command_variables(const Stage& stage);

/// The block that a run of `stage` on these inputs would record; outs have no state yet. Missing deps, code
/// and params are left out: see check_inputs().
StageLock make_block(const Stage& stage, const Inputs& inputs);

/// The inputs as if every dep and out that `block` (null: nothing) records, but that is not there, were there
/// as it was recorded.
Inputs assume_recorded(const Stage& stage, const StageLock* block, Inputs inputs);
/// The same for those deps alone that `which` picks.
void assume_recorded_deps(const Stage& stage, const StageLock& block,
                          const std::function<bool(const Dep&)>& which, std::vector<FoundPath>& found);

/// Why `stage` cannot run on these inputs: the first dep, code file or param that is missing, with its place
/// in cairn.yaml; success if there is none.
Status check_inputs(const Stage& stage, const Inputs& inputs);

}  // namespace cairn::pipeline
