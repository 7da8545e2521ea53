// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/recorded_data.h"
#include "pipeline/graph.h"
#include "project/workspace.h"
#include "report/check_report.h"

namespace cairn::ops {

/// The check of `ci check` that needs no data: does every stage's block in its cairn.lock belong to the
/// commands, code, params and inputs as they are now? Data that cairn keeps counts as its pointer, or the
/// lock of the stage that makes it, records it; `trees` are the folders among it. What belongs to the machine
/// (environments, tracked variables) is not looked at. Errors: bad cairn.yaml files and locks.
Result<report::Check> check_stages(project::Workspace& workspace, const pipeline::Graph& graph,
                                   KnownTrees trees, const Context& context);

}  // namespace cairn::ops
