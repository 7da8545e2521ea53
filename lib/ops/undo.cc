// SPDX-License-Identifier: Apache-2.0
#include "ops/undo.h"

namespace cairn::ops {

Result<UndoReport> undo(project::Workspace& workspace, const project::UndoOptions& options,
                        const Context& context) {
  UndoReport report;
  CAIRN_TRY_ASSIGN(bool rolled_back, was_rollback_last(workspace));
  if (!rolled_back) {
    CAIRN_TRY_ASSIGN(report.workspace, project::undo(workspace, options, context));
    return report;
  }
  if (options.force) {
    return Error(Code::usage, "a rollback is taken back by a commit, which overwrites nothing",
                 "commit or stash what is in its way, then cairn undo");
  }
  report.workspace.command = kRollbackCommand;
  CAIRN_TRY_ASSIGN(report.rollback, undo_rollback(workspace, options.dry_run, context));
  return report;
}

}  // namespace cairn::ops
