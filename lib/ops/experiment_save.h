// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/experiment.h"
#include "ops/repro.h"
#include "ops/work_tree.h"

namespace cairn::ops {

/// Writes what an experiment's work tree holds now as one commit on `base.head` and makes its ref: tracked
/// files that differ from HEAD, each cairn.lock, outs that cairn does not keep and the .gitignore files
/// beside those that it does, and what is at or below the project paths `more`. `experiment` says what the
/// commit tells of it; its commit and time are filled in. `exists` when the name was taken in the meantime.
Result<Experiment> save_experiment(const WorkTree& tree, const WorkBase& base, const ReproReport& report,
                                   Experiment experiment, const std::vector<std::string>& more);

}  // namespace cairn::ops
