// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/rollback.h"
#include "project/undo.h"

namespace cairn::ops {

struct UndoReport {
  project::UndoReport workspace;           ///< of anything but a rollback
  std::optional<RollbackReport> rollback;  ///< of a rollback, or of the undo of one
};

/// Takes back the last operation in this worktree: project::undo, or undo_rollback, which knows no force.
/// REQUIRES: the caller holds workspace.lock().
Result<UndoReport> undo(project::Workspace& workspace, const project::UndoOptions& options,
                        const Context& context);

}  // namespace cairn::ops
