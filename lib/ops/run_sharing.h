// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/pipelines.h"
#include "ops/targets.h"
#include "remote/gc_needed.h"
#include "version/run_journal.h"

/// Results of stages on remotes (docs/format/remote.md, "Runs").
namespace cairn::ops {

struct RunsPushed {
  std::size_t runs = 0;  ///< records that the remote got
};

/// Sends the records of what the current locks hold, each result once, in one segment; without what tells of
/// the machine and the user unless core.share_host. Their outs must be on the remote already.
Result<RunsPushed> push_runs(project::Workspace& workspace, const remote::Remote& remote,
                             const Context& context);

struct RunsFetched {
  std::size_t runs = 0;     ///< records that were new here
  std::size_t refused = 0;  ///< damaged ones, each warned of
};

/// Appends the records of the remote that are not here yet to the journal, each checked: its id, and its key
/// against what it says of its inputs.
Result<RunsFetched> fetch_runs(project::Workspace& workspace, const remote::Remote& remote,
                               const Context& context);

/// What the runs on a remote name besides outs that are tracked (metrics and plots that Git keeps, and what
/// their commands printed), of those all of whose tracked outs are `needed`.
Result<std::vector<store::Object>> objects_of_runs(const remote::Remote& remote,
                                                   const remote::NeededKeys& needed, const Context& context);

/// Metrics and plots of the current locks that Git keeps, as far as their content is here. A run's result is
/// taken over where Git has another state of them, so they have to be on the remote too.
Result<std::vector<remote::Root>> outs_kept_by_git(project::Workspace& workspace);

/// The stored output of the runs that the current locks come from, of those that are `here` or not.
enum class Where : std::uint8_t { here, not_here };
Result<std::vector<remote::Root>> logs_of_locks(project::Workspace& workspace, Where where);

}  // namespace cairn::ops
