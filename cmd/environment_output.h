// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "ops/environment_build.h"

namespace cairn::cmd {

/// What became of environments, those apart that are as recorded.
std::string environment_lines(const std::vector<ops::EnvironmentBuild>& builds);
/// [{"stages", "state", "differences", "commands", "notes", "error"}]
Json environments_json(const std::vector<ops::EnvironmentBuild>& builds);

}  // namespace cairn::cmd
