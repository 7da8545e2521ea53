// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "project/release.h"
#include "project/tracked.h"
#include "store/drop_entries.h"

namespace cairn::ops {

struct DropOptions {
  std::vector<std::string> targets;  ///< tracked paths, or globs for them
  std::string remote;                ///< that has to hold them; "": core.remote
  bool keep_workspace = false;       ///< only the store's copy goes
  bool dry_run = false;
};

struct DroppedPath {
  project::Tracked tracked;
  bool from_workspace = false;  ///< it stood there
  bool from_store = false;      ///< its own object was there, and nothing else needs it
  bool stays_stored = false;    ///< its own object is there, and something else needs it
};

struct DropResult {
  std::vector<DroppedPath> paths;
  std::uint64_t workspace_bytes = 0;
  store::DropReport store;
};

/// Frees the local copies of tracked paths that are whole on their remote (DropProof), in the workspace and
/// in the store; pointers stay. What other tracked paths, other versions in the store or undo need stays. All
/// or nothing: `conflict` for a path that is not there, or whose data was changed; also for a store that
/// other repositories share. Takes workspace.lock() after the remote was asked: the caller must not hold it.
Result<DropResult> drop(project::Workspace& workspace, project::LockReader read_lock,
                        const DropOptions& options, const Context& context);

}  // namespace cairn::ops
