// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "project/tracked.h"

namespace cairn::cmd {

/// The section `remote` of status: what the remotes of these paths lack, and what only they have. `clean`
/// becomes false when there is any.
Status add_remote_section(Invocation& invocation, const std::vector<project::Tracked>& tracked,
                          Outcome& outcome, bool& clean);

}  // namespace cairn::cmd
