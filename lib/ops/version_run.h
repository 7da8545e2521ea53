// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ops/environment_build.h"
#include "ops/experiment.h"
#include "ops/pipeline_inputs.h"
#include "ops/repro.h"
#include "pipeline/override.h"
#include "report/value_diff.h"

namespace cairn::ops {

struct VersionRunOptions {
  std::string version;            ///< a saved one; "": HEAD and the changes of tracked files here
  std::vector<std::string> data;  ///< "[INPUT=]FILE"
  std::vector<pipeline::OverrideChoices> set;
  std::vector<std::string> stages;  ///< as targets of repro; none: everything
  UserFolder folder;                ///< that words are relative to
  std::string save_as;              ///< name of the version that the result becomes; "": none
  std::string message;
  pipeline::Watcher* watcher = nullptr;
};

/// A path in the version and in the run; nothing where it is not known, or not there.
struct PathComparison {
  std::string path;
  std::optional<store::Object> before;
  std::optional<store::Object> after;
  std::string file;  ///< of an input: what took its place, as the user wrote it
};

/// What came of a run, against what it started from.
struct VersionRunReport {
  std::string version;                         ///< name; "" where none was named
  std::string base;                            ///< its commit, or HEAD, as Git writes it
  std::vector<EnvironmentBuild> environments;  ///< of a named version
  std::vector<PathComparison> inputs;          ///< that were given
  std::vector<report::DocumentDiff> params;
  ReproReport repro;
  std::vector<PathComparison> outs;  ///< that differ, of the stages that were selected
  std::vector<report::DocumentDiff> metrics;
  std::optional<Experiment> saved;  ///< nothing: it was stopped, and left nothing behind
  std::string saved_as;             ///< the version that it is now; "": none
  std::vector<Error> errors;        ///< of stages, and of what could not be compared or named
};

/// Runs a saved version, or the current state, with other data and params in a work tree of its own, and
/// keeps the result as an experiment whose parent is that version's commit; one with a failed stage too.
/// Environments of a named version are made as recorded (build_environments). Stages whose results are known
/// come from the run cache. The workspace is not touched. Errors, before anything runs: `not_found` for the
/// version, `usage` for data and values that do not fit, `exists` for a taken name.
Result<VersionRunReport> run_version(project::Workspace& workspace, const VersionRunOptions& options,
                                     Context& context);

}  // namespace cairn::ops
