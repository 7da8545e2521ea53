// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "pipeline/lock.h"
#include "project/workspace.h"

namespace cairn::ops {

/// What stood at one out of a stage before it ran; nothing where nothing did. Of a glob: one for each path
/// that matched or that cairn keeps, and one for the pattern itself.
struct PreviousOut {
  std::string path;
  bool glob = false;  ///< `path` is a pattern: what matches it is an out
  std::optional<pipeline::PathState> state;
  std::optional<project::Materialised::Entry> record;  ///< what cairn knew it put there
};

/// Stores what stands at the stage's outs (whatever is not in the store yet) and takes it out of the
/// workspace, so that the command starts from nothing; outs that persist stay. Makes the outs' parent
/// folders. put_back() undoes it. Both take the project's lock where they change something.
Result<std::vector<PreviousOut>> set_aside(project::Workspace& workspace, const pipeline::Stage& stage,
                                           const Context& context);

/// Makes the outs what they were before set_aside; what the failed command left there goes.
Status put_back(project::Workspace& workspace, const std::vector<PreviousOut>& previous,
                const Context& context);

}  // namespace cairn::ops
