// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ops/revisions.h"
#include "text/value.h"

namespace cairn::ops {

/// The points of one plot's file in one state.
struct PlotData {
  std::string revision;
  std::string path;
  text::Value properties;  ///< as declared (x, y, template, …); null where nothing was
  text::Value points;      ///< a list of maps from column to value
};

struct PlotsReport {
  std::vector<PlotData> plots;  ///< by revision, then path
  std::vector<Error> errors;    ///< files that are not here, or hold no points
};

/// What cairn.yaml declares as plots: outs of stages and the top-level `plots`. `targets` (project paths)
/// narrow it to files at or inside them. Errors: unknown revisions.
Result<PlotsReport> plots_data(project::Workspace& workspace, const std::vector<std::string>& targets,
                               const RevisionChoice& choice);

}  // namespace cairn::ops
