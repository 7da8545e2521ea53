// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ops/experiment.h"
#include "pipeline/override.h"

namespace cairn::ops {

struct ExperimentRunOptions {
  std::vector<std::string> targets;  ///< as of repro
  std::string folder;  ///< that targets and files of `set` are relative to, from the project root
  std::string name;    ///< "": generated; of a sweep NAME-1, NAME-2, …
  std::string message;
  std::vector<pipeline::OverrideChoices> set;
  unsigned at_once = 1;     ///< experiments that run at the same time
  bool keep_going = false;  ///< within one experiment, after a stage failed
};

/// What became of one experiment.
struct ExperimentResult {
  std::string name;
  std::vector<std::string> set;  ///< "params.yaml:lr=0.1"
  /// Nothing: it was not run to an end (see error, or the user stopped it), and left nothing behind.
  std::optional<Experiment> saved;
  std::vector<Error> errors;  ///< of its stages, or of cairn
};

struct ExperimentRunReport {
  std::vector<ExperimentResult> experiments;  ///< in the order of the sweep
  bool interrupted = false;
};

/// Runs one experiment for every combination of values, each in a work tree of its own that starts from HEAD
/// and the changes of tracked files here, and saves each as one commit on a ref. Stages whose results are
/// known come from the run cache. The workspace, its index and its branch are not touched. A failed
/// experiment is saved too. Errors, before anything ran: a name that is taken (`exists`), a value that cannot
/// be set
/// (`usage`), no commit yet.
Result<ExperimentRunReport> run_experiments(project::Workspace& workspace,
                                            const ExperimentRunOptions& options, Context& context);

}  // namespace cairn::ops
