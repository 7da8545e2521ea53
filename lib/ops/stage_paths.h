// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ops/workspace_state.h"
#include "pipeline/undeclared.h"

namespace cairn::ops {

/// What of a project belongs to a stage's environment. Paths from the project root.
struct EnvironmentPaths {
  std::vector<std::string> files;    ///< lock files and the like, which the stage may read
  std::vector<std::string> folders;  ///< virtual environments and the like
};
/// Of a stage without environment: nothing. Whether they are there is not looked at.
EnvironmentPaths environment_paths(const pipeline::Stage& stage);

/// What a stage may touch, as found before it runs.
struct StagePaths {
  /// Inputs with the symlinks on the way to them and what those lead to; outs, but for globs.
  pipeline::Declared declared;
  /// Of its environment, as far as it is there; not to be copied or told of.
  std::vector<std::string> environment_folders;
  /// What a tree for it alone has to hold: the inputs, and outs that persist, as far as they are there.
  std::vector<std::string> needed;
};
/// Not thread-safe, as the state. Cost: a few stats an input.
Result<StagePaths> stage_paths(project::Workspace& workspace, WorkspaceState& state,
                               const pipeline::Stage& stage, const pipeline::StageLock& wanted);

}  // namespace cairn::ops
