// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ops/experiment.h"
#include "report/experiment_table.h"

namespace cairn::ops {

enum class SortOrder : std::uint8_t { ascending, descending };

struct ExperimentShowOptions {
  std::vector<std::string> bases;  ///< revisions whose experiments are shown; none: the last `count` of HEAD
  unsigned count = 1;
  bool all = false;     ///< all experiments, whatever their base
  std::string sort_by;  ///< a metric or param, as report::find_value; "": by age
  SortOrder order = SortOrder::ascending;
};

/// A line with what it stands for.
struct ShownState {
  std::optional<git::Oid> commit;  ///< nothing: the workspace
  std::optional<Experiment> experiment;
  report::ExperimentRow row;
  std::vector<Error> errors;  ///< values that are not here or cannot be read
};

/// A base with its experiments.
struct ShownBase {
  ShownState base;
  std::vector<ShownState> experiments;
};

struct ExperimentsReport {
  ShownState workspace;
  std::vector<ShownBase> bases;  ///< newest first
  std::size_t hidden = 0;        ///< experiments of other bases
};

/// Params and metrics of the workspace, of bases and of their experiments, read from Git's objects and the
/// store. Errors: unknown revisions; `not_found` for a sort_by that no experiment has.
Result<ExperimentsReport> show_experiments(project::Workspace& workspace,
                                           const ExperimentShowOptions& options);

}  // namespace cairn::ops
