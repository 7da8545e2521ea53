// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "project/add.h"

namespace cairn::cmd {

/// Where new content went.
enum class Kept : std::uint8_t { here, on_remote };

/// What add or commit did, and the git command that comes next.
Outcome outcome_of(const Invocation& invocation, const project::AddReport& report, Kept kept = Kept::here);

}  // namespace cairn::cmd
