// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "project/tracked.h"
#include "project/workspace.h"

namespace cairn::project {

/// Data that may be gone, or changed since.
struct Orphan {
  std::string path;
  std::vector<std::string> in_git;  ///< project paths inside it that Git tracks: they are Git's
};

/// Paths at which cairn put data, and that no pointer or lock names any more.
struct Orphans {
  std::vector<Orphan> data;         ///< sorted
  std::vector<std::string> in_git;  ///< Git has taken these over: data there is Git's
};

/// Orphans beside `tracked`, which is all that is tracked; only those in `among`, if that is given. Cost: one
/// look-up for each record, in Git's index for each orphan, and all of the index for one that Git is inside
/// of.
Result<Orphans> find_orphans(Workspace& workspace, const std::vector<Tracked>& tracked,
                             const std::set<std::string>* among = nullptr);

}  // namespace cairn::project
