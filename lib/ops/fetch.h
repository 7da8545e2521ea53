// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/folder_part.h"

namespace cairn::ops {

struct FetchResult {
  remote::FetchReport report;
  std::size_t runs = 0;          ///< records of runs that were new here
  std::size_t refused_runs = 0;  ///< damaged ones
  std::vector<project::Tracked>
      tracked;  ///< what was asked for of the workspace as a whole; empty when commits are named
  std::vector<FoundPart> parts;  ///< what was asked for of the insides of folders
};

/// Brings what the request names from its remotes to the local store: see TransferSet and remote::fetch. A
/// remote from which nothing is wanted is not opened. Results of stages come from the default remote and are
/// taken into the journal. Records of environments and output of runs that it does not have are left out.
Result<FetchResult> fetch(project::Workspace& workspace, project::LockReader read_lock,
                          const TransferRequest& request, const Context& context);

}  // namespace cairn::ops
