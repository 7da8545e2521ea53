// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ops/pipelines.h"
#include "pipeline/stage_edit.h"

namespace cairn::ops {

/// Adds a stage to the cairn.yaml in `folder` (relative to the project root), which is made when missing; its
/// comments and layout stay. The graph with the new stage is checked before anything is written. Returns the
/// file's path.
Result<std::string> add_stage(project::Workspace& workspace, const std::string& folder,
                              const pipeline::StageDraft& draft, pipeline::Overwrite overwrite);

}  // namespace cairn::ops
