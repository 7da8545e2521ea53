// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "base/context.h"
#include "pipeline/lock.h"
#include "pipeline/stage.h"
#include "project/workspace.h"
#include "version/cause.h"

namespace cairn::ops {

/// A stage of a work tree whose outs differ; its inputs and outs are in place as recorded.
struct CauseSearch {
  const pipeline::Stage& stage;
  const std::vector<pipeline::LockedOut>& recorded;  ///< empty: only runs here are compared
  const std::vector<pipeline::LockedOut>& found;
  std::set<std::string> temporary;                  ///< as StageRun
  std::optional<version::Conditions> conditions;    ///< of the recorded run, where they are known
  std::int64_t recorded_start_ms;                   ///< 0: unknown
  std::vector<std::string> environment;             ///< recorded differences, in words
  std::chrono::steady_clock::time_point time_over;  ///< no trial begins after it
};

/// Looks for causes by trials (version::find_causes). Results that an out's `compare` takes for equal count
/// as the same. Errors: `interrupted`, and what trials cannot do.
Result<version::CauseAnswer> search_causes(project::Workspace& workspace, const CauseSearch& search,
                                           const Context& context);

}  // namespace cairn::ops
