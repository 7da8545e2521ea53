// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ops/experiment.h"
#include "project/apply.h"

namespace cairn::ops {

struct ExperimentApplyOptions {
  bool force = false;  ///< overwrite uncommitted work too, after storing it, so that undo brings it back
  bool dry_run = false;
};

struct ExperimentApplyReport {
  Experiment experiment;
  std::vector<std::string> written;       ///< files of Git's: code, params, locks
  std::vector<std::string> removed;       ///< of these
  std::vector<project::PathReport> data;  ///< as of project::checkout
  std::uint64_t stored_bytes = 0;         ///< new in the store: what was overwritten by force
};

/// Brings an experiment into the workspace, as uncommitted changes: every file of this project that differs
/// between the experiment and its base becomes the experiment's, then the data that its locks and pointers
/// name is checked out. Index, branch and all other files stay. `undo` takes it back. Errors: `not_found` for
/// an unknown name; `conflict`, before anything is changed, naming the files: those with changes that are
/// neither committed nor part of the experiment, and those that HEAD changed since; data that the store lacks
/// is in the report. REQUIRES: the caller holds workspace.lock().
Result<ExperimentApplyReport> apply_experiment(project::Workspace& workspace, const std::string& name,
                                               const ExperimentApplyOptions& options, const Context& context);

}  // namespace cairn::ops
