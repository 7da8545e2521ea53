// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "project/apply.h"

namespace cairn::project {

struct UndoOptions {
  bool force = false;  ///< also over what was changed since, after storing it
  bool dry_run = false;
};

struct UndoReport {
  std::string command;                                       ///< that was taken back
  std::vector<PathReport> paths;                             ///< data
  std::vector<std::string> pointers;                         ///< whose pointers were written or removed
  std::optional<std::pair<std::string, std::string>> moved;  ///< data that was renamed, from and to
};

/// Takes back the last checkout, remove or move in this worktree; a second undo takes back the first. One
/// level deep. All or nothing: `conflict`, naming the path, when something that has to change was changed
/// since (unless forced). An operation that was killed half-way is taken back too. `not_found` when there is
/// nothing to undo. REQUIRES: the caller holds workspace.lock().
Result<UndoReport> undo(Workspace& workspace, const UndoOptions& options, const Context& context);

}  // namespace cairn::project
