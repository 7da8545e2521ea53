// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ops/ci_data.h"
#include "pipeline/graph.h"
#include "project/workspace.h"
#include "report/check_report.h"

namespace cairn::ops {

/// What is checked, and what with.
struct PolicyInput {
  const pipeline::Graph& graph;
  git::Oid head;
  const std::vector<ResolvedVersion>& versions;  ///< oldest first
};

/// The checks that cairn.yaml files ask for by `ci` and `drift` (docs/format/cairn-yaml.md): metrics, drift
/// gates, verified stages; none for what they do not ask for. What needs content that is not here is told as
/// not checked. Errors: cairn.yaml files that cannot be read; `interrupted`.
Result<std::vector<report::Check>> check_policies(project::Workspace& workspace, const PolicyInput& input,
                                                  const Context& context);

}  // namespace cairn::ops
