// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "project/workspace.h"

/// The note of the last rollback in this worktree (docs/format/worktree-state.md). It is there from before
/// HEAD moves; `finished` once index, work tree and data have followed.
namespace cairn::ops {

struct RollbackNote {
  git::Oid before;   ///< HEAD before
  git::Oid after;    ///< the commit that was made, its child
  bool data = true;  ///< data follows too
  bool finished = false;
};

/// Atomically and durably.
Status save_note(const project::Workspace& workspace, const RollbackNote& note);
/// Nothing when there is none, or only a damaged one. Cost: reads one small file.
Result<std::optional<RollbackNote>> load_note(const project::Workspace& workspace);
Status remove_note(const project::Workspace& workspace);

}  // namespace cairn::ops
