// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/escape.h"
#include "commands.h"
#include "ops/stage_add.h"
#include "render.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

struct AddOptions {
  pipeline::StageDraft draft;
  std::vector<std::string> words;
  bool force = false;
};

/// The command as one line of shell: a single word is taken as it is, several are joined by spaces.
std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

Result<Outcome> run_add(AddOptions options, Invocation& invocation) {
  options.draft.cmd = joined(options.words);
  CAIRN_TRY_ASSIGN(std::string folder, invocation.workspace->to_project_path(".", invocation.folder));
  auto overwrite = options.force ? pipeline::Overwrite::replace : pipeline::Overwrite::refuse;
  CAIRN_TRY_ASSIGN(std::string file, ops::add_stage(*invocation.workspace, folder, options.draft, overwrite));
  Outcome outcome;
  outcome.text =
      fmt::format("added stage {} to {}\n", quoted(options.draft.name), shown_path(invocation, file));
  outcome.json = {{"stage", options.draft.name}};
  put_path(outcome.json, "file", file);
  return outcome;
}

Json names_json(const std::vector<std::string>& names) {
  Json list = Json::array();
  for (const std::string& name : names) {
    list.push_back(escaped(name));
  }
  return list;
}

Json stage_json(const pipeline::Stage& stage) {
  std::vector<std::string> deps;
  std::vector<std::string> outs;
  for (const pipeline::Dep& dep : stage.deps) {
    deps.push_back(dep.path);
  }
  for (const pipeline::Out& out : stage.outs) {
    outs.push_back(out.path);
  }
  return {{"stage", stage.address()}, {"cmd", stage.cmd},       {"deps", names_json(deps)},
          {"outs", names_json(outs)}, {"frozen", stage.frozen}, {"desc", stage.desc}};
}

Result<Outcome> run_list(bool names_only, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(pipeline::Graph graph, ops::load_graph(*invocation.workspace));
  Outcome outcome;
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows;
  for (pipeline::StageIndex i : graph.order()) {
    const pipeline::Stage& stage = graph.stage(i);
    std::string first_line = stage.cmd.substr(0, stage.cmd.find('\n'));
    std::string about = stage.desc.empty() ? first_line : stage.desc;
    rows.push_back(names_only ? std::vector<std::string>{escaped(stage.address())}
                              : std::vector<std::string>{escaped(stage.address()), escaped(about)});
    list.push_back(stage_json(stage));
  }
  outcome.text = rows.empty() ? "no stages\n" : table(rows);
  outcome.json["stages"] = std::move(list);
  return outcome;
}

}  // namespace

Command stage_add_command() {
  return {"stage add",
          "Pipelines",
          "Add a stage to the cairn.yaml here",
          "cairn stage add -n clean -d raw.csv -o clean.csv \"sort raw.csv > clean.csv\"",
          Needs::project_locked,
          [](CLI::App& app) -> Runner {
            auto options = std::make_shared<AddOptions>();
            pipeline::StageDraft& draft = options->draft;
            app.add_option("-n,--name", draft.name, "Name of the stage")->required();
            app.add_option("-d,--deps", draft.deps, "What it reads: file or folder")->allow_extra_args(false);
            app.add_option("-p,--params", draft.params,
                           "KEY of params.yaml, FILE:KEY[,KEY], or FILE: for all of it")
                ->allow_extra_args(false);
            app.add_option("-o,--outs", draft.outs, "What it writes, kept by cairn")->allow_extra_args(false);
            app.add_option("-O,--outs-no-cache", draft.outs_no_cache, "What it writes, kept by Git")
                ->allow_extra_args(false);
            app.add_option("-m,--metrics", draft.metrics, "Metrics file that it writes, kept by cairn")
                ->allow_extra_args(false);
            app.add_option("-M,--metrics-no-cache", draft.metrics_no_cache,
                           "Metrics file that it writes, kept by Git")
                ->allow_extra_args(false);
            app.add_option("-w,--wdir", draft.wdir, "Folder to run in; all paths count from it");
            app.add_option("--shell", draft.shell, "Shell to run the command (default: bash -eo pipefail)");
            app.add_option("--desc", draft.desc, "What it is for");
            app.add_flag("--always-changed", draft.always_changed, "Run it every time");
            app.add_flag("--frozen", draft.frozen, "Do not run it until it is thawed");
            app.add_flag("-f,--force", options->force, "Replace a stage of that name");
            app.add_option("command", options->words, "Command line; quote what the shell must not touch")
                ->required();
            return [options](Invocation& invocation) { return run_add(*options, invocation); };
          }};
}

Command stage_list_command() {
  return {"stage list",
          "Pipelines",
          "List stages",
          "cairn stage list",
          Needs::project,
          [](CLI::App& app) -> Runner {
            auto names_only = std::make_shared<bool>(false);
            app.add_flag("--names-only", *names_only, "Print addresses only");
            return [names_only](Invocation& invocation) { return run_list(*names_only, invocation); };
          }};
}

}  // namespace cairn::cmd
