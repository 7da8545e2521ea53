// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ops/values.h"
#include "pipeline/ci_policy.h"
#include "report/check_report.h"
#include "report/flatten.h"

namespace cairn::ops {

/// Metrics that have to be there and within limits, as they are in the workspace. Files are read once.
class MetricCheck {
 public:
  explicit MetricCheck(project::Workspace& workspace) : workspace_(workspace), reader_(workspace) {}
  /// Adds to `check` what the policy of a cairn.yaml asks for.
  Status check(const std::string& file, const pipeline::CiPolicy& policy, report::Check& check);

 private:
  Result<std::optional<text::Value>> find(const pipeline::MetricRule& rule);
  Result<const std::vector<report::FlatValue>*> values(const std::string& path);

  project::Workspace& workspace_;
  ValueReader reader_;
  std::map<std::string, std::vector<report::FlatValue>> files_;
  std::size_t rules_ = 0;
};

}  // namespace cairn::ops
