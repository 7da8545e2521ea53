// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "project/tracked.h"

namespace cairn::project {

struct ReleaseReport {
  std::vector<std::string> paths;  ///< that stood in the workspace
  std::uint64_t bytes = 0;         ///< of their files
};

/// Removes tracked paths from the workspace, where each that is there has to be as its pointer says: else
/// `conflict` or its own error, naming the path, and nothing is changed. Pointers stay. The content need not
/// be in the store: the caller knows of a copy elsewhere, and undo is not told of this. What .cairnignore
/// names stays. With `dry_run` only looks. REQUIRES: the caller holds workspace.lock().
Result<ReleaseReport> release(Workspace& workspace, const std::vector<Tracked>& tracked, bool dry_run,
                              const Context& context);

}  // namespace cairn::project
