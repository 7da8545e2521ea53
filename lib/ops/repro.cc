// SPDX-License-Identifier: Apache-2.0
#include "ops/repro.h"

#include "ops/remote_way.h"
#include "ops/repro_pull.h"
#include "ops/repro_world.h"
#include "ops/stage_limits.h"
#include "ops/targets.h"

namespace cairn::ops {
namespace {

std::vector<SeedHint> hints_of_runs(project::Workspace& workspace, const pipeline::Graph& graph,
                                    const pipeline::PipelineReport& report, const ReproWorld& world) {
  std::vector<pipeline::StageIndex> ran;
  for (const pipeline::StageReport& stage : report.stages) {
    if (stage.outcome == pipeline::Outcome::ran) {
      ran.push_back(stage.stage);
    }
  }
  return find_seed_hints(workspace.files(), graph, ran,
                         [&world](const pipeline::Stage& stage) { return world.block(stage); });
}

}  // namespace

Result<ReproReport> repro(project::Workspace& workspace, const ReproOptions& options, Context& context) {
  CAIRN_TRY_ASSIGN(pipeline::Graph graph, load_graph(workspace));
  CAIRN_TRY_ASSIGN(auto selection,
                   pipeline::select_stages(graph, options.targets, options.folder, options.reach));
  if (options.tracing != Tracing::no) {
    CAIRN_TRY(check_can_trace(workspace.paths().root));
  }
  std::optional<IsolationFolder> isolated;
  if (options.isolate) {
    CAIRN_TRY(check_can_isolate(graph, selection));
    CAIRN_TRY_ASSIGN(IsolationFolder folder, IsolationFolder::open(workspace));
    isolated.emplace(std::move(folder));
  }
  std::optional<remote::Remote> remote;
  if (options.pull) {
    CAIRN_TRY_ASSIGN(remote, open_remote(workspace, options.remote, remote::Purpose::read, context));
    CAIRN_TRY(pull_for_repro(workspace, *remote, options.remote, graph, selection, context));
  }
  pipeline::ScheduleOptions schedule = options.schedule;
  CAIRN_TRY_ASSIGN(schedule.limits,
                   stage_limits(workspace.config(), graph, schedule.jobs, options.resources));
  CAIRN_TRY_ASSIGN(Locks locks, Locks::load(workspace, graph));
  if (options.targets.empty() && !options.schedule.dry_run) {
    CAIRN_TRY(drop_gone_stages(workspace, graph, locks));
  }
  const version::Executing executing =
      options.schedule.dry_run ? version::Executing::no : version::Executing::yes;
  const ReproWorld::Options world_options{
      !options.schedule.force && options.schedule.use_run_cache,
      executing,
      remote ? &*remote : nullptr,
      {options.tracing, isolated ? &*isolated : nullptr, outs_of_all(graph)},
      ReproWorld::Keep::results};
  ReproWorld world(workspace, std::move(locks), world_options, context);
  pipeline::PipelineReport stages = pipeline::run_pipeline(graph, selection, schedule, world, context);
  if (options.schedule.dry_run) {
    CAIRN_TRY(world.name_files(stages));
  } else {
    CAIRN_TRY(world.finish());
  }
  world.name_environments(graph, stages);
  std::vector<SeedHint> hints = hints_of_runs(workspace, graph, stages, world);
  ReproReport report{std::move(graph), std::move(stages), world.take_observations(), {}, std::move(hints)};
  if (options.fix && !report.stages.interrupted) {
    CAIRN_TRY_ASSIGN(report.fixes, fix_stages(workspace, report.graph, report.observed, context));
  }
  return report;
}

}  // namespace cairn::ops
