// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "project/merge_pointers.h"
#include "project/workspace.h"

namespace cairn::ops {

struct ResolveRequest {
  std::optional<project::Choice> choice;  ///< nothing: only what can be merged after all
  std::vector<std::string> targets;       ///< project paths: data, paths in it, pointers, locks; none: all
  bool dry_run = false;
};

/// One pointer or lock that was in conflict.
struct ResolvedFile {
  std::string path;
  bool settled = false;                      ///< written, and taken into Git's index
  bool removed = false;                      ///< settled by its removal
  std::vector<project::PathConflict> paths;  ///< still in conflict; paths relative to the data
  std::vector<std::string> keys;             ///< the user's keys that still are
  std::size_t refused = 0;                   ///< of these, what was asked for and cannot be settled so
  std::optional<Error> error;                ///< it could not be merged at all
};

/// Settles conflicts in pointers and locks, whichever of Git's commands left them: merge, rebase,
/// cherry-pick, revert, stash. Folders that are made are durable before a pointer names them. Data is not
/// touched. `not_found` for a target that is not in conflict. REQUIRES: the caller holds workspace.lock(),
/// unless dry_run.
Result<std::vector<ResolvedFile>> resolve(project::Workspace& workspace, const ResolveRequest& request,
                                          const Context& context);

}  // namespace cairn::ops
