// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "project/apply.h"

namespace cairn::cmd {

/// [{"path":…}]
Json path_list(const std::vector<std::string>& paths);

/// What was done at each path: lines for people, {"paths":[…]} for programs, and the paths' errors and
/// warnings.
Outcome outcome_of(const Invocation& invocation, const std::vector<project::PathReport>& paths);

}  // namespace cairn::cmd
