// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/surroundings.h"
#include "text/splice.h"

/// Edits of a cairn.yaml by commands. Each returns the whole new text: what is outside of the edited stage
/// keeps its bytes, and the result was parsed as a pipeline. Errors: `malformed` when the text, or the text
/// as it would be, is wrong, or when the edit cannot be made without touching the rest of the file;
/// `not_found` for a stage that is not in it. Pure. Cost: a few readings of the text for each item.
namespace cairn::pipeline {

/// A stage as `stage add` is told it. Paths are written as given: relative to wdir. Empty fields are not
/// written.
struct StageDraft {
  std::string name;
  std::string cmd;
  std::string wdir;
  std::string shell;
  std::string desc;
  std::vector<std::string> deps;
  std::vector<std::string> params;  ///< "KEY", or "FILE:KEY[,KEY…]", or "FILE:" for a whole file
  std::vector<std::string> outs;
  std::vector<std::string> outs_no_cache;
  std::vector<std::string> outs_persist;
  std::vector<std::string> outs_persist_no_cache;
  std::vector<std::string> metrics;
  std::vector<std::string> metrics_no_cache;
  std::vector<std::string> plots;
  std::vector<std::string> plots_no_cache;
  std::vector<std::string> env;  ///< "NAME=VALUE"
  std::string seed;              ///< this and the next two as YAML writes them: "42", "90m", "3"
  std::string timeout;
  std::string retries;
  bool frozen = false;
  bool always_changed = false;
};

enum class Overwrite : std::uint8_t { refuse, replace };

/// This stage added at the end, after removing the one of that name; the text is empty for a new file.
/// Errors: `exists` unless `replace`.
Result<std::string> add_stage(const text::Document& document, const StageDraft& draft, Overwrite overwrite,
                              Surroundings& surroundings);

/// What `stage edit` changes: first what is removed, then what is set, then what is added.
struct StageChanges {
  std::vector<std::string> remove_deps;
  std::vector<std::string> remove_outs;    ///< metrics and plots too
  std::vector<std::string> remove_params;  ///< as StageDraft::params
  std::vector<std::string> unset;          ///< keys that go, dotted: "timeout", "env.LANG"
  std::vector<std::string> set;            ///< "KEY=SCALAR", KEY dotted
  StageDraft add;                          ///< lists are added to, all else is replaced; no name
};

/// The stage called `name` changed; of a foreach or matrix the whole group. Errors: `exists` for a dep, out
/// or param that is there already; `not_found` for one to remove that is not; `usage` for a setting without
/// "=", or of a key that holds no scalar; `unsupported` for one member of a group.
Result<std::string> edit_stage(const text::Document& document, std::string_view name,
                               const StageChanges& changes, Surroundings& surroundings);

/// Without the stage called `name` (of a foreach or matrix: the whole group) and the comments right above it.
Result<std::string> remove_stage(const text::Document& document, std::string_view name,
                                 Surroundings& surroundings);

enum class Frozen : std::uint8_t { no, yes };

/// With `frozen: true` in the stage, or without `frozen`; equal to the text when there is nothing to do.
Result<std::string> set_frozen(const text::Document& document, std::string_view name, Frozen frozen,
                               Surroundings& surroundings);

}  // namespace cairn::pipeline
