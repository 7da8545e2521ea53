// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "ops/recorder.h"
#include "pipeline/lock.h"
#include "project/workspace.h"

namespace cairn::ops {

/// Stores the outs that the command made: cached ones, and metrics and plots up to 16 MiB (which must come
/// back from the run cache too); others are hashed only. Cached ones are put into .gitignore, one line a path
/// also for what a glob matched, and are kept from now on; what it matched before and does not match now is
/// let go. All of it is durable with the recorder's next batch. `stage_failed` naming the out that is
/// missing, or the glob that matches nothing, unless it is optional.
Result<std::vector<pipeline::LockedOut>> store_outs(project::Workspace& workspace,
                                                    const pipeline::Stage& stage, Recorder& recorder,
                                                    const Context& context);

/// What stands at the stage's outs now, with the content of all of them in the writer's store, also of those
/// that are not cached. What was not made has no state. Nothing else is noted.
Result<std::vector<pipeline::LockedOut>> read_outs(project::Workspace& workspace,
                                                   const pipeline::Stage& stage, store::Writer& writer,
                                                   const Context& context);

/// True when the content of all outs is in the local store, as far as their own entries tell.
Result<bool> outs_at_hand(project::Workspace& workspace, const std::vector<pipeline::LockedOut>& outs);

/// Makes the workspace's outs these; other content there, and what else matches their globs, is stored first
/// and goes. REQUIRES: workspace.lock() is held.
Status place_outs(project::Workspace& workspace, const std::vector<pipeline::LockedOut>& outs,
                  Recorder& recorder, const Context& context);

/// Paths that cairn keeps for a stage's former block and that are no outs of its new one (null: the stage is
/// gone), as they are after an out was taken out of cairn.yaml.
std::vector<std::string> outs_to_release(const pipeline::StageLock& former, const pipeline::StageLock* now);

/// Lets go of them: their .gitignore lines go, their data stays. REQUIRES: workspace.lock() is held.
Status release_outs(project::Workspace& workspace, const std::vector<std::string>& paths);
/// The same, with the recorder's next state.
Status let_go(project::Workspace& workspace, const std::vector<std::string>& paths, Recorder& recorder);

}  // namespace cairn::ops
