// SPDX-License-Identifier: Apache-2.0
#include "ops/ci_policy.h"

#include "ops/ci_drift.h"
#include "ops/ci_metrics.h"
#include "ops/ci_verified.h"
#include "project/root_files.h"

namespace cairn::ops {

Result<std::vector<report::Check>> check_policies(project::Workspace& workspace, const PolicyInput& input,
                                                  const Context& context) {
  report::Check metrics{"metrics", "", {}};
  report::Check drift{"drift", "", {}};
  report::Check verified{"verified", "", {}};
  MetricCheck metric_check(workspace);
  DriftCheck drift_check(workspace, input, context);
  VerifiedCheck verified_check(workspace, input);
  for (const std::string& file : input.graph.files()) {
    CAIRN_TRY_ASSIGN(const auto text, project::find_text(workspace.files(), file));
    CAIRN_TRY_ASSIGN(const pipeline::CiPolicy policy, pipeline::parse_ci_policy(text.value_or(""), file));
    CAIRN_TRY_ASSIGN(const auto gates, pipeline::parse_drift_gates(text.value_or(""), file));
    CAIRN_TRY(metric_check.check(file, policy, metrics));
    CAIRN_TRY(drift_check.check(file, policy, gates, drift));
    CAIRN_TRY(verified_check.check(file, policy, verified));
  }
  std::vector<report::Check> checks;
  for (report::Check* check : {&metrics, &drift, &verified}) {
    if (!check->about.empty() || !check->problems.empty()) {
      checks.push_back(std::move(*check));
    }
  }
  return checks;
}

}  // namespace cairn::ops
