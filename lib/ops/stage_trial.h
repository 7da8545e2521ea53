// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "ops/environment_probe.h"
#include "version/cause.h"

namespace cairn::ops {

/// What one trial gave.
struct Trial {
  bool failed = false;
  std::vector<pipeline::LockedOut> outs;  ///< that were made; their content is stored
  std::set<std::string> temporary;        ///< names that came up in folders for temporary files meanwhile
};

/// Runs one stage of a work tree whose inputs and outs are in place as recorded, with factors held. Outs are
/// cleared before and come back after; lock, journal and run cache are not touched. Not thread-safe.
class StageTrials {
 public:
  StageTrials(project::Workspace& workspace, const pipeline::Stage& stage, const Context& context)
      : workspace_(workspace),
        stage_(stage),
        context_(context),
        environments_(workspace, version::Executing::yes, context) {}

  /// Errors: `unsupported` for a factor that cannot be held here, or that the stage sets itself;
  /// `interrupted`.
  Result<Trial> run(const version::TrialConditions& conditions);

 private:
  Status run_command(const version::TrialConditions& conditions, Trial& trial);

  project::Workspace& workspace_;
  const pipeline::Stage& stage_;
  const Context& context_;
  Environments environments_;
};

/// The variables that set these factors. `unsupported` for one that the stage sets itself, or for a value
/// that is none. Of `threads` those that libraries of numerics know.
Result<std::map<std::string, std::string>> trial_variables(const pipeline::Stage& stage,
                                                           const version::TrialConditions& conditions);

}  // namespace cairn::ops
