// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ops/rollback_plan.h"
#include "project/checkout.h"

namespace cairn::ops {

/// As undo names it.
inline constexpr const char* kRollbackCommand = "pipeline rollback";

struct RollbackOptions {
  std::string name;     ///< of a version
  std::string message;  ///< of the commit; "": one that names the version
  bool data = true;     ///< check data out too
  bool dry_run = false;
};

struct RollbackReport {
  RollbackPlan plan;
  std::optional<std::string> branch;      ///< that the commit is on; nothing: HEAD is detached
  std::optional<git::Oid> commit;         ///< that was made; nothing for a dry run, or where nothing differs
  std::vector<std::string> missing;       ///< of a dry run: data that has to be fetched first
  std::uint64_t fetched_bytes = 0;        ///< from the remote
  std::vector<project::PathReport> data;  ///< as of project::checkout
};

/// Brings the project back to a version by one new commit on top of HEAD: its files are those of the
/// version's commit, but for .cairn/config; all else in the repository stays. Then the data is checked out;
/// what the store lacks is fetched first. Errors, before anything is changed: as version::find_version,
/// plan_rollback and check_rollback; `not_found` for data that is nowhere. Data that fails after the commit
/// is in the report. When it is killed, there is no commit, or finish_rollback goes on. Takes
/// workspace.lock(): the caller must not hold it. No hook of Git's for commits is run.
Result<RollbackReport> rollback(project::Workspace& workspace, const RollbackOptions& options,
                                const Context& context);

/// Whether the last thing that undo can take back here is a rollback, or the undo of one.
Result<bool> was_rollback_last(const project::Workspace& workspace);
/// Takes it back by one more commit, with the project as it was before. `conflict` when its commit is not
/// HEAD any more, and as check_rollback. Data that the store lacks is left out. REQUIRES: was_rollback_last,
/// and the caller holds workspace.lock().
Result<RollbackReport> undo_rollback(project::Workspace& workspace, bool dry_run, const Context& context);

/// Whether a rollback was killed between its commit and the end of its work. Cost: reads one small file.
Result<bool> is_rollback_unfinished(const project::Workspace& workspace);
/// Brings index, work tree and data to the commit of a rollback that was killed; nothing if there is none, or
/// HEAD has moved since. Data that fails is warned of. `conflict` when files were changed since. REQUIRES:
/// the caller holds workspace.lock().
Status finish_rollback(project::Workspace& workspace, const Context& context);

}  // namespace cairn::ops
