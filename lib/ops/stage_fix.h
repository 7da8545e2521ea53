// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ops/stage_frame.h"
#include "pipeline/undeclared_fix.h"

namespace cairn::ops {

/// What of a stage's undeclared files was added to its cairn.yaml.
struct StageFix {
  std::string stage;  ///< address
  std::string file;
  std::vector<std::string> deps;  ///< as written
  std::vector<std::string> outs;
  std::vector<pipeline::NotFixed> left;
  std::optional<Error> error;  ///< nothing was added: the hint says what to do by hand
};

/// Declares what stages were seen to touch, in the order of the graph: one entry for each that touched
/// anything undeclared and ended well or by Tracing::strict. An addition that would make the pipeline bad (a
/// cycle, two makers of one file) is not made, and its reason told. Takes the workspace's lock.
Result<std::vector<StageFix>> fix_stages(project::Workspace& workspace, const pipeline::Graph& graph,
                                         const std::map<std::string, StageObservation, std::less<>>& seen,
                                         const Context& context);

}  // namespace cairn::ops
