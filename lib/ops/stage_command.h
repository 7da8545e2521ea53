// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ops/environment_probe.h"

namespace cairn::ops {

/// A stage's command as it is started in the workspace, but for where its output goes.
struct StageCommand {
  runner::ShellCommand shell;
  std::vector<std::string> clean_up;  ///< for end_container()
};
/// With `more` variables, the stage's own, CAIRN_ROOT and CAIRN_STAGE, inside its environment. Errors: those
/// of Environments::wrap.
Result<StageCommand> stage_command(const project::Workspace& workspace, Environments& environments,
                                   const pipeline::Stage& stage,
                                   const std::map<std::string, std::string>& more = {});

}  // namespace cairn::ops
