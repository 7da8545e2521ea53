// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "project/tracked.h"
#include "project/workspace.h"

namespace cairn::project {

/// Paths at which cairn put data, and that no pointer or lock names any more.
struct Orphans {
  std::vector<std::string> data;    ///< sorted; it may be gone, or changed since
  std::vector<std::string> in_git;  ///< Git has taken these over: data there is Git's
};

/// Orphans beside `tracked`, which is all that is tracked; only those in `among`, if that is given. Cost: one
/// look-up for each record, in Git's index for each orphan.
Result<Orphans> find_orphans(Workspace& workspace, const std::vector<Tracked>& tracked,
                             const std::set<std::string>* among = nullptr);

/// Those orphans whose data is still in the workspace: what a complete checkout would remove.
Result<std::vector<std::string>> find_orphaned_data(Workspace& workspace,
                                                    const std::vector<Tracked>& tracked);

}  // namespace cairn::project
