// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "project/tracked.h"
#include "project/tree_changes.h"
#include "project/workspace.h"

/// What bringing the project back to a commit means, and what speaks against it. Nothing is changed here.
namespace cairn::ops {

/// A stage whose block in the lock will differ.
struct RollbackStage {
  std::string stage;  ///< address
  project::ChangeKind kind = project::ChangeKind::modified;
};

struct RollbackPlan {
  git::Oid head;
  git::Oid source;  ///< the commit whose project is restored
  git::Oid tree;    ///< of the new commit: HEAD's, with the source's project and the .cairn/config of now
  std::vector<project::FileChange>
      files;  ///< of Git's, without sides; paths of the project, as in all of these
  std::vector<project::FileChange> data;  ///< tracked files and folders as a whole
  std::vector<RollbackStage> stages;
  std::vector<project::Tracked> wanted;  ///< all that the source tracks
  bool nothing = false;                  ///< HEAD has that tree already
};

/// Errors: `conflict` before the first commit; `not_found` when the source has no project where this one is.
Result<RollbackPlan> plan_rollback(project::Workspace& workspace, const git::Oid& source);

/// `conflict`, naming the paths, where uncommitted work would be lost or mixed with the new commit: an
/// unfinished merge, tracked files that differ from HEAD, files in the way that Git does not track, ignored
/// ones too, and, `with_data`, data that was changed. Returns the paths of data whose content is not in the
/// store. REQUIRES: the caller holds workspace.lock().
Result<std::vector<std::string>> check_rollback(project::Workspace& workspace, const RollbackPlan& plan,
                                                bool with_data, const Context& context);

}  // namespace cairn::ops
