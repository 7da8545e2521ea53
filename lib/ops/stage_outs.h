// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "pipeline/lock.h"
#include "project/workspace.h"

namespace cairn::ops {

/// What stood at one out of a stage before it ran; nothing where nothing did.
struct PreviousOut {
  std::string path;
  std::optional<pipeline::PathState> state;
  std::optional<project::Materialised::Entry> record;  ///< what cairn knew it put there
};

/// Stores what stands at the stage's outs (whatever is not in the store yet) and takes it out of the
/// workspace, so that the command starts from nothing; makes the outs' parent folders. put_back() undoes it.
Result<std::vector<PreviousOut>> set_aside(project::Workspace& workspace, const pipeline::Stage& stage,
                                           const Context& context);

/// Makes the outs what they were before set_aside; what the failed command left there goes.
Status put_back(project::Workspace& workspace, const std::vector<PreviousOut>& previous,
                const Context& context);

/// Stores the outs that the command made: cached ones and metrics (which are small and must come back from
/// the run cache too); others are hashed only. Cached ones are put into .gitignore and are kept from now on.
/// `stage_failed` naming the out that is missing.
Result<std::vector<pipeline::LockedOut>> store_outs(project::Workspace& workspace,
                                                    const pipeline::Stage& stage, const Context& context);

/// True when the content of all outs is in the local store, as far as their own entries tell.
Result<bool> outs_at_hand(project::Workspace& workspace, const std::vector<pipeline::LockedOut>& outs);

/// Makes the workspace's outs these; other content there is stored first.
Status place_outs(project::Workspace& workspace, const std::vector<pipeline::LockedOut>& outs,
                  const Context& context);

}  // namespace cairn::ops
