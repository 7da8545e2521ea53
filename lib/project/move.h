// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "project/tracked.h"
#include "project/workspace.h"

namespace cairn::project {

struct MoveOptions {
  std::string from;  ///< a path that has a pointer
  std::string to;    ///< its new path, or an existing folder to move it into
  bool dry_run = false;
};

struct MoveReport {
  std::string from;
  std::string to;
  bool data_moved = false;  ///< false when the data is not here: only the pointer was moved
};

/// Renames tracked data with its pointer (the user's keys stay), .gitignore lines and records. Nothing is
/// read or stored. Missing parent folders of `to` are made. Taken back by undo. Errors: `not_found` when
/// `from` has no pointer, `conflict` for outputs of stages, paths inside tracked folders (either side) and
/// moves into itself, `exists` when something stands at `to`, or its pointer does. `tracked` is all that is
/// tracked. REQUIRES: the caller holds workspace.lock().
Result<MoveReport> move(Workspace& workspace, const std::vector<Tracked>& tracked,
                        const MoveOptions& options);

}  // namespace cairn::project
