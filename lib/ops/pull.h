// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/targets.h"
#include "project/checkout.h"

namespace cairn::ops {

struct PullOptions : TransferChoice {
  bool force = false;  ///< overwrite changed files too, after storing them
};

struct PullReport {
  remote::FetchReport fetched;
  std::size_t runs = 0;          ///< records of runs that were new here
  std::size_t refused_runs = 0;  ///< damaged ones
  project::CheckoutReport checkout;
};

/// Fetches what the workspace tracks and checks it out, but for what is never pushed and not here. Takes
/// workspace.lock() for the checkout only, so that the transfer keeps nobody waiting: the caller must not
/// hold it.
Result<PullReport> pull(project::Workspace& workspace, project::LockReader read_lock,
                        const PullOptions& options, const Context& context);

}  // namespace cairn::ops
