// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/targets.h"

namespace cairn::ops {

struct PushResult {
  remote::PushReport report;  ///< of all remotes together
  std::size_t runs = 0;       ///< records of runs that the default remote got
};

/// Sends what the request names to its remotes: see TransferSet and remote::push. The first push to a remote
/// starts it. Records the roots of the commits in the set. Results of stages follow what they name.
Result<PushResult> push(project::Workspace& workspace, project::LockReader read_lock,
                        const TransferRequest& request, const Context& context);

}  // namespace cairn::ops
