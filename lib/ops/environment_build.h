// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "pipeline/graph.h"
#include "project/workspace.h"

/// Environments in a work tree of their own, as the locks there recorded them.
namespace cairn::ops {

enum class BuildState : std::uint8_t {
  as_recorded,   ///< nothing had to be done
  built,         ///< it differed, and is as recorded now
  differs,       ///< see `differences`; it was built as far as `commands` say
  cannot_build,  ///< see `error`; it is as it was found, see `differences`
  not_recorded,  ///< the lock names no environment for these stages
};

/// What became of one environment.
struct EnvironmentBuild {
  std::vector<std::string> stages;  ///< addresses of those that run in it
  BuildState state = BuildState::as_recorded;
  /// From the recorded one to what is there now, in words: "numpy 1.26.4 -> 2.0.1". Empty where the record is
  /// not in the store here.
  std::vector<std::string> differences;
  std::vector<std::string> commands;  ///< command lines that were run, one string each
  std::vector<std::string> notes;     ///< "python3.11 is not in PATH: made with python3"
  std::optional<Error> error;         ///< why it cannot be built, with what to type
};

/// Captures the environment of each stage in `tree` with the folders of `original` linked in, and holds it
/// against the record that the tree's cairn.lock names. What differs or is not there is made inside the tree
/// from its lock files, with the recorded versions (version/environment_plan.h); where that fails the link
/// comes back. Each environment once, in the order of `stages`. Executes programs in PATH, never of the
/// repository (but for what package managers run of it), shows each command line in context.log, and its
/// output where it fails. Stages without environment are passed over. Errors: files that cannot be read;
/// `interrupted`.
Result<std::vector<EnvironmentBuild>> build_environments(project::Workspace& tree,
                                                         const project::Workspace& original,
                                                         const pipeline::Graph& graph,
                                                         const std::vector<pipeline::StageIndex>& stages,
                                                         Context& context);

}  // namespace cairn::ops
