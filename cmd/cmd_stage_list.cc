// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "ops/stage_states.h"
#include "parser.h"
#include "render.h"
#include "stage_report.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::vector<std::string> targets;
  bool names_only = false;
  bool state = false;
};

Json names_json(const std::vector<std::string>& names) {
  Json list = Json::array();
  for (const std::string& name : names) {
    list.push_back(escaped(name));
  }
  return list;
}

Json about_json(const pipeline::Stage& stage) {
  std::vector<std::string> deps;
  std::vector<std::string> outs;
  for (const pipeline::Dep& dep : stage.deps) {
    deps.push_back(dep.path);
  }
  for (const pipeline::Out& out : stage.outs) {
    outs.push_back(out.path);
  }
  return {{"stage", stage.address()},
          {"group", stage.group},
          {"cmd", stage.cmd},
          {"deps", names_json(deps)},
          {"outs", names_json(outs)},
          {"frozen", stage.frozen},
          {"always_changed", stage.runs_always()},
          {"desc", stage.desc}};
}

std::string about(const pipeline::Stage& stage) {
  return escaped(stage.desc.empty() ? stage.cmd.substr(0, stage.cmd.find('\n')) : stage.desc);
}

/// The stages that the targets mean, in order of execution.
Result<std::vector<pipeline::StageIndex>> chosen(const Options& options, const pipeline::Graph& graph,
                                                 const std::string& folder) {
  return pipeline::select_stages(graph, options.targets, folder, pipeline::Reach::single);
}

void add_stage(const pipeline::Stage& stage, const ops::StageStatus* status, bool names_only,
               std::vector<std::vector<std::string>>& rows, Json& list) {
  std::vector<std::string> row = {escaped(stage.address())};
  Json json = about_json(stage);
  if (status != nullptr) {
    row.emplace_back(ops::state_words(status->state));
    json["state"] = ops::state_name(status->state);
  }
  if (!names_only) {
    row.push_back(about(stage));
  }
  rows.push_back(std::move(row));
  list.push_back(std::move(json));
}

Result<Outcome> run_list(const Options& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(std::string folder, invocation.workspace->to_project_path(".", invocation.folder));
  std::vector<std::vector<std::string>> rows;
  Json list = Json::array();
  if (options.state) {
    Context context = invocation.context;
    CAIRN_TRY_ASSIGN(const ops::StatesReport report,
                     ops::stage_states(*invocation.workspace, options.targets, folder, context));
    CAIRN_TRY_ASSIGN(const auto asked, chosen(options, report.graph, folder));
    std::vector<char> is_asked(report.graph.size(), 0);
    for (const pipeline::StageIndex stage : asked) {
      is_asked[stage] = 1;
    }
    for (const ops::StageStatus& status : report.stages) {
      if (is_asked[status.report.stage] != 0) {
        add_stage(report.graph.stage(status.report.stage), &status, options.names_only, rows, list);
      }
    }
  } else {
    CAIRN_TRY_ASSIGN(const pipeline::Graph graph, ops::load_graph(*invocation.workspace));
    CAIRN_TRY_ASSIGN(const auto asked, chosen(options, graph, folder));
    for (const pipeline::StageIndex stage : asked) {
      add_stage(graph.stage(stage), nullptr, options.names_only, rows, list);
    }
  }
  Outcome outcome;
  outcome.text = rows.empty() ? "no stages\n" : table(rows);
  outcome.json["stages"] = std::move(list);
  return outcome;
}

}  // namespace

Command stage_list_command() {
  return {"stage list",
          "Pipelines",
          "List stages",
          "cairn stage list --state",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("targets", options->targets, "Stages, outputs or cairn.yaml files (default: all)");
            app.add_flag("--names-only", options->names_only, "Print addresses only");
            app.add_flag("--state", options->state, "Say how each stands: up to date, changed, never run, …");
            return [options](Invocation& invocation) { return run_list(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
