// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/escape.h"
#include "commands.h"
#include "ops/repro.h"
#include "stage_report.h"

namespace cairn::cmd {
namespace {

Result<Outcome> run_why(const std::vector<std::string>& targets, Invocation& invocation) {
  ops::ReproOptions options;
  CAIRN_TRY_ASSIGN(options.folder, invocation.workspace->to_project_path(".", invocation.folder));
  options.targets = targets;
  options.schedule.dry_run = true;
  Context context = invocation.context;
  CAIRN_TRY_ASSIGN(auto report, ops::repro(*invocation.workspace, options, context));
  std::vector<pipeline::StageIndex> asked;
  for (const std::string& target : targets) {
    CAIRN_TRY_ASSIGN(auto stages, pipeline::resolve_target(report.graph, target, options.folder));
    asked.insert(asked.end(), stages.begin(), stages.end());
  }
  Outcome outcome;
  Json list = Json::array();
  for (const pipeline::StageReport& stage : report.stages.stages) {
    if (std::find(asked.begin(), asked.end(), stage.stage) == asked.end()) {
      continue;
    }
    const std::string& address = report.graph.address(stage.stage);
    outcome.text += stage_line(address, stage, true, invocation.color);
    list.push_back(stage_json(address, stage));
    if (stage.error) {
      outcome.errors.push_back(*stage.error);
    }
  }
  outcome.json["stages"] = std::move(list);
  return outcome;
}

}  // namespace

Command why_command() {
  return {"why",
          "Pipelines",
          "Say why a stage would run",
          "cairn why train",
          Needs::project,
          [](CLI::App& app) -> Runner {
            auto targets = std::make_shared<std::vector<std::string>>();
            app.add_option("stages", *targets, "Stages, or their outputs")->required();
            return [targets](Invocation& invocation) { return run_why(*targets, invocation); };
          }};
}

}  // namespace cairn::cmd
