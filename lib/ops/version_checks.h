// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ops/stage_states.h"
#include "project/workspace.h"

namespace cairn::ops {

/// Whether the data of a commit has to be on the remotes already.
enum class RemoteCheck : std::uint8_t { no, yes };

/// What keeps the state of HEAD from being saved as a version, each with how to mend it; empty when nothing
/// does: tracked files that differ from HEAD, stages whose lock is stale or incomplete, data that differs
/// from its pointer, objects that the store lacks, and (where a default remote is set) remotes that do not
/// have the commit's data. Cost: as status; reads the tables of the data's objects, no content.
Result<std::vector<Error>> find_obstacles(project::Workspace& workspace, const StatesReport& states,
                                          RemoteCheck remotes, const Context& context);

/// `aliases` that the setting versions.verified_tags names and that the newest verdict on the commit does not
/// allow. `next`: what to type for a verdict.
Result<std::vector<Error>> unverified_aliases(project::Workspace& workspace,
                                              const std::vector<std::string>& aliases, const git::Oid& commit,
                                              const std::string& next);

}  // namespace cairn::ops
