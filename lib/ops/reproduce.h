// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/reproduction.h"

namespace cairn::ops {

struct ReproduceOptions {
  std::string version;      ///< name or alias
  ReproductionOptions run;  ///< but for commit and manifest
  bool record = true;       ///< the verdict stays with the commit, if all stages were judged
};

struct ReproduceReport {
  version::Verdict verdict;
  std::string kept;  ///< the work tree that stays; ""
  bool recorded = false;
};

/// Runs the stages of a saved version again and says whether they gave what is recorded: see
/// reproduce_stages. Errors: those of version::find_version and of reproduce_stages.
Result<ReproduceReport> reproduce(project::Workspace& workspace, const ReproduceOptions& options,
                                  Context& context);

}  // namespace cairn::ops
