// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "project/workspace.h"
#include "remote/gc.h"

namespace cairn::ops {

struct RemoteGcOptions {
  std::string remote;                                   ///< its name; "": core.remote
  std::chrono::seconds grace = std::chrono::hours(24);  ///< 0 only with `force`
  bool dry_run = false;
  bool force = false;
  bool prune = false;  ///< also roots of this project's commits that nothing in Git leads to any more
};

struct RemoteGcResult {
  std::string name;   ///< of the remote
  std::string place;  ///< "folder '/mnt/data'"
  remote::GcReport report;
};

/// Frees space on a remote: see remote::collect_garbage. What records of runs there name besides their outs
/// (metrics, plots, output) stays with these. With `prune` Git's remotes are fetched first: see
/// git::every_commit. Errors, besides: `usage` for no grace period without `force`.
Result<RemoteGcResult> collect_remote(project::Workspace& workspace, const RemoteGcOptions& options,
                                      const Context& context);

}  // namespace cairn::ops
