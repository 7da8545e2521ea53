// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "commands.h"
#include "ops/pipelines.h"
#include "pipeline/dag.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::vector<std::string> targets;
  bool dot = false;
  bool mermaid = false;
};

Json graph_json(const pipeline::Graph& graph, const std::vector<pipeline::StageIndex>& stages) {
  Json list = Json::array();
  for (pipeline::StageIndex stage : stages) {
    Json needs = Json::array();
    for (pipeline::StageIndex before : graph.upstream(stage)) {
      needs.push_back(graph.address(before));
    }
    list.push_back({{"stage", graph.address(stage)}, {"needs", std::move(needs)}});
  }
  return list;
}

Result<Outcome> run_dag(const Options& options, Invocation& invocation) {
  if (options.dot && options.mermaid) {
    return Error(Code::usage, "--dot and --mermaid exclude each other");
  }
  CAIRN_TRY_ASSIGN(pipeline::Graph graph, ops::load_graph(*invocation.workspace));
  CAIRN_TRY_ASSIGN(std::string folder, invocation.workspace->to_project_path(".", invocation.folder));
  CAIRN_TRY_ASSIGN(auto stages,
                   pipeline::select_stages(graph, options.targets, folder, pipeline::Reach::upstream));
  Outcome outcome;
  outcome.text = options.dot       ? pipeline::draw_dot(graph, stages)
                 : options.mermaid ? pipeline::draw_mermaid(graph, stages)
                                   : pipeline::draw_boxes(graph, stages);
  if (stages.empty()) {
    outcome.text = "no stages; try: cairn stage add --help\n";
  }
  outcome.json["stages"] = graph_json(graph, stages);
  return outcome;
}

}  // namespace

Command dag_command() {
  return {"dag",
          "Pipelines",
          "Draw the graph of stages",
          "cairn dag\n  cairn dag --mermaid train",
          Needs::project,
          [](CLI::App& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("targets", options->targets,
                           "Stages or outputs, with all that they need (default: all)");
            app.add_flag("--dot", options->dot, "Print in Graphviz's DOT language");
            app.add_flag("--mermaid", options->mermaid, "Print as a Mermaid flowchart");
            return [options](Invocation& invocation) { return run_dag(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
