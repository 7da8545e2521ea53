// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "project/apply.h"
#include "project/tracked.h"

namespace cairn::project {

struct RemoveOptions {
  bool outs = false;   ///< remove the data too: only what is in the store, unless forced
  bool force = false;  ///< store data that is nowhere else, then remove it
  bool dry_run = false;
};

struct RemoveReport {
  std::vector<PathReport> paths;
  std::uint64_t stored_bytes = 0;
};

/// Stops tracking paths: pointers and their .gitignore lines go, the data stays unless `outs`. Taken back by
/// undo. `tracked` are the paths to remove, as select_tracked gives them; outputs of stages are `conflict`. A
/// path whose data may not go keeps its pointer too. REQUIRES: the caller holds workspace.lock().
Result<RemoveReport> remove(Workspace& workspace, const std::vector<Tracked>& tracked,
                            const RemoveOptions& options, const Context& context);

}  // namespace cairn::project
