// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ops/ci_policy.h"
#include "ops/pipelines.h"
#include "pipeline/ci_policy.h"
#include "version/verdict.h"

namespace cairn::ops {

/// Stages whose recorded results have to be verified: the newest verdict, of any commit, on the very block
/// that a stage has in HEAD's lock has to be a good one. So a verdict holds until the stage's result changes.
class VerifiedCheck {
 public:
  VerifiedCheck(project::Workspace& workspace, const PolicyInput& input)
      : workspace_(workspace), input_(input) {}
  /// Adds to `check` what the policy of a cairn.yaml asks for.
  Status check(const std::string& file, const pipeline::CiPolicy& policy, report::Check& check);

 private:
  Status check_stage(const pipeline::Stage& stage, unsigned line, const std::string& file,
                     report::Check& check);
  Result<const std::vector<version::Verdict>*> verdicts();
  /// The stage's block in the lock of a commit; null where there is none.
  Result<const pipeline::StageLock*> block_at(const git::Oid& commit, const pipeline::Stage& stage);

  project::Workspace& workspace_;
  const PolicyInput& input_;
  std::optional<std::vector<version::Verdict>> verdicts_;
  std::map<git::Oid, pipeline::Lock> locks_;  // by blob
  std::size_t stages_ = 0;
};

}  // namespace cairn::ops
