// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "project/workspace.h"
#include "version/environment_diff.h"
#include "version/run_compare.h"
#include "version/run_journal.h"

/// What past runs left behind: for `cairn log`.
namespace cairn::ops {

struct KnownRun {
  store::Id id;
  version::RunRecord record;
  /// Against the stage's run before it: what made it run. Empty where nothing differs.
  std::vector<pipeline::Change> why;
  bool first = false;  ///< no run of the stage before it is remembered
};

struct RunFilter {
  std::vector<std::string> stages;  ///< addresses; none: all
  bool failed = false;              ///< only those that did not end well
  std::size_t limit = 0;            ///< the newest; 0: all
};

/// Runs that are remembered, newest first. Those whose record cannot be read are left out and warned of.
/// Cost: reads the records that are shown.
Result<std::vector<KnownRun>> list_runs(project::Workspace& workspace, const RunFilter& filter,
                                        const Context& context);

/// The run whose id begins with these digits. `not_found` when there is none, `usage` when there are several.
Result<KnownRun> find_run(project::Workspace& workspace, const std::string& digits);

/// What the command printed, as far as it was kept; "" where nothing was. `not_found` when it is not in the
/// store.
Result<std::string> read_output(project::Workspace& workspace, const version::RunRecord& run);

struct RunComparison {
  KnownRun before;
  KnownRun after;
  std::vector<pipeline::Change> inputs;  ///< of folders with what differs in them, where that is known
  std::vector<pipeline::Change> outs;
  std::vector<version::RunDifference> circumstances;
  bool same_key =
      false;  ///< what went in was the same: outs that differ mean that the stage is not deterministic
};
Result<RunComparison> compare_runs(project::Workspace& workspace, const std::string& before,
                                   const std::string& after);

}  // namespace cairn::ops
