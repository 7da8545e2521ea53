// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/targets.h"

namespace cairn::ops {

struct FetchResult {
  remote::FetchReport report;
  std::vector<project::Tracked>
      tracked;  ///< what was asked for of the workspace; empty when commits are named
};

/// Brings what the request names from its remotes to the local store: see TransferSet and remote::fetch. A
/// remote from which nothing is wanted is not opened.
Result<FetchResult> fetch(project::Workspace& workspace, project::LockReader read_lock,
                          const TransferRequest& request, const Context& context);

}  // namespace cairn::ops
