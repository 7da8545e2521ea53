// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "project/add.h"

namespace cairn::cmd {

/// What add or commit did, and the git command that comes next.
Outcome outcome_of(const Invocation& invocation, const project::AddReport& report);

}  // namespace cairn::cmd
