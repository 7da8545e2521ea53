// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/reproduce.h"

namespace cairn::ops {

struct VerifyOptions {
  ReproductionOptions run;  ///< but for commit and manifest
  bool record = true;       ///< the verdict stays with HEAD, if all stages of a clean work tree were judged
};

/// Runs stages of the workspace as it is several times, away from it, and says whether all runs gave the same
/// and what cairn.lock has of it. Tracked files that differ from HEAD take part, and nothing is recorded
/// then. Errors: those of reproduce_stages; `conflict` before the first commit.
Result<ReproduceReport> verify(project::Workspace& workspace, const VerifyOptions& options, Context& context);

}  // namespace cairn::ops
