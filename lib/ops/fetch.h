// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/targets.h"

namespace cairn::ops {

struct FetchResult {
  remote::FetchReport report;
  std::vector<project::Tracked>
      tracked;  ///< what was asked for of the workspace; empty when commits are named
};

/// Brings what the request names from a remote to the local store: see remote::fetch. The remote is not
/// opened when nothing is tracked.
Result<FetchResult> fetch(project::Workspace& workspace, project::LockReader read_lock,
                          const TransferRequest& request, const Context& context);

}  // namespace cairn::ops
