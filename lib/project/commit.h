// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "project/add.h"

namespace cairn::project {

struct CommitOptions {
  bool force = false;  ///< as in AddOptions
  bool dry_run = false;
};

/// Records the present content of paths that have a pointer; others are left out. A path that is not here
/// keeps its pointer (outcome `missing`). One that is as its pointer says is not stored, also where the store
/// lacks it, unless forced. A folder inside which Git keeps something, such as the pointer of
/// another path after a merge, is refused. Everything else as add(). REQUIRES: the caller holds
/// workspace.lock().
Result<AddReport> commit(Workspace& workspace, const std::vector<Tracked>& tracked,
                         const CommitOptions& options, const Context& context);

}  // namespace cairn::project
