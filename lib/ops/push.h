// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/targets.h"

namespace cairn::ops {

/// Sends what the request names to its remotes: see TransferSet and remote::push. The first push to a remote
/// starts it. Records the roots of the commits in the set. The report is of all remotes together.
Result<remote::PushReport> push(project::Workspace& workspace, project::LockReader read_lock,
                                const TransferRequest& request, const Context& context);

}  // namespace cairn::ops
