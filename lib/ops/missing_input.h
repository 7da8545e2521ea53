// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/stage_verdict.h"
#include "project/workspace.h"

namespace cairn::ops {

/// Gives a stage that failed the cause `missing_input` where there is evidence for one: a dep that is nowhere
/// in the work tree, or a path in the last lines that its command printed that is missing there, but stands
/// in the user's workspace.
Status find_missing_input(const project::Workspace& workspace, const project::Workspace& tree,
                          const StageOutcome& outcome, version::StageResult& result);

}  // namespace cairn::ops
