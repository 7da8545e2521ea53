// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ops/pipelines.h"
#include "ops/seed_hints.h"
#include "ops/stage_fix.h"
#include "ops/stage_frame.h"
#include "pipeline/schedule.h"

namespace cairn::ops {

struct ReproOptions {
  std::vector<std::string> targets;  ///< stages, outputs or cairn.yaml files; none: everything
  std::string folder;                ///< that targets are relative to: the user's, from the project root
  pipeline::Reach reach = pipeline::Reach::upstream;
  std::vector<std::string> resources;  ///< "NAME=N" in place of the machine's and the settings' limits
  pipeline::ScheduleOptions schedule;  ///< but for the limits
  bool pull = false;   ///< fetch what is missing: data that stages read, results, and their outs
  std::string remote;  ///< for pull; "": core.remote
  Tracing tracing = Tracing::no;
  bool fix = false;      ///< with tracing: declare in cairn.yaml what stages touched without declaring it
  bool isolate = false;  ///< each command runs in a tree of its declared inputs
};

struct ReproReport {
  pipeline::Graph graph;
  pipeline::PipelineReport stages;
  std::map<std::string, StageObservation, std::less<>> observed;  ///< by address, where commands ran
  std::vector<StageFix> fixes;
  std::vector<SeedHint> seed_hints;  ///< of stages whose commands ran
};

/// Brings stages up to date: what changed is restored from the run cache or run, and recorded in cairn.lock.
/// The report says what became of each; a failed stage is in it, not an error. Errors: bad files, unknown
/// targets, cairn's own trouble; `unsupported`, before anything runs, where stages cannot be watched or
/// isolated as asked for.
Result<ReproReport> repro(project::Workspace& workspace, const ReproOptions& options, Context& context);

}  // namespace cairn::ops
