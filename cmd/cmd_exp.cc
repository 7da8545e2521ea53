// SPDX-License-Identifier: Apache-2.0
// exp run, list, remove and branch; show, diff and apply are in cmd_exp_show.cc.
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "exit_status.h"
#include "experiment_output.h"
#include "ops/experiment_run.h"
#include "ops/work_area.h"
#include "parser.h"
#include "render.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

struct RunOptions {
  std::vector<std::string> targets;
  std::vector<std::string> set;
  std::string name;
  std::string message;
  bool keep_going = false;
};

Result<ops::ExperimentRunOptions> run_options(const RunOptions& options, const Invocation& invocation) {
  ops::ExperimentRunOptions run;
  run.targets = options.targets;
  CAIRN_TRY_ASSIGN(run.folder, invocation.workspace->to_project_path(".", invocation.folder));
  run.name = options.name;
  run.message = options.message;
  run.keep_going = options.keep_going;
  // Without -j one after the other, however many processors there are.
  run.at_once = invocation.jobs_typed ? invocation.context.jobs : 1;
  for (const std::string& written : options.set) {
    CAIRN_TRY_ASSIGN(pipeline::OverrideChoices choices, pipeline::parse_override(written));
    run.set.push_back(std::move(choices));
  }
  return run;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

/// "done", "failed"; "not run" for what left nothing behind.
std::string status_of(const ops::ExperimentResult& result) {
  return result.saved ? std::string(ops::status_name(result.saved->status)) : "not run";
}

Outcome outcome_of(ops::ExperimentRunReport report) {
  Outcome outcome;
  std::vector<std::vector<std::string>> rows;
  Json list = Json::array();
  for (const ops::ExperimentResult& one : report.experiments) {
    rows.push_back({status_of(one), one.name, joined(one.set)});
    Json json = {{"name", one.name}, {"status", one.saved ? status_of(one) : "not_run"}, {"set", one.set}};
    if (one.saved) {
      json["commit"] = one.saved->commit.hex();
    }
    list.push_back(std::move(json));
    for (const Error& error : one.errors) {
      outcome.errors.push_back(report.experiments.size() > 1 ? error.with_context(one.name) : error);
    }
  }
  outcome.text = table(rows);
  outcome.json["experiments"] = std::move(list);
  if (report.interrupted) {
    outcome.status = kExitInterrupted;
  } else if (!outcome.errors.empty()) {
    outcome.status = exit_status(outcome.errors.front().code());
  }
  return outcome;
}

Result<Outcome> run_run(const RunOptions& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(auto run, run_options(options, invocation));
  Context context = invocation.context;
  CAIRN_TRY_ASSIGN(auto report, ops::run_experiments(*invocation.workspace, run, context));
  return outcome_of(std::move(report));
}

Result<Outcome> run_list(bool names_only, Invocation& invocation) {
  CAIRN_TRY(ops::clean_work_leftovers(*invocation.workspace));
  CAIRN_TRY_ASSIGN(auto experiments, ops::list_experiments(*invocation.workspace));
  Outcome outcome;
  std::vector<std::vector<std::string>> rows;
  Json list = Json::array();
  for (const ops::Experiment& one : experiments) {
    rows.push_back(names_only ? std::vector<std::string>{one.name}
                              : std::vector<std::string>{one.name, short_commit(one.base),
                                                         std::string(ops::status_name(one.status)),
                                                         local_time(one.created), escaped(joined(one.set))});
    list.push_back(experiment_json(one));
  }
  outcome.text = rows.empty() ? (names_only ? "" : "no experiments\n") : table(rows);
  outcome.json["experiments"] = std::move(list);
  return outcome;
}

struct RemoveOptions {
  std::vector<std::string> names;
  bool all = false;
};

Result<Outcome> run_remove(RemoveOptions options, Invocation& invocation) {
  if (options.all != options.names.empty()) {
    return Error(Code::usage, "name experiments, or say --all", "cairn exp list");
  }
  project::Workspace& workspace = *invocation.workspace;
  CAIRN_TRY(ops::clean_work_leftovers(workspace));
  CAIRN_TRY_ASSIGN(auto experiments, ops::list_experiments(workspace));
  for (const ops::Experiment& one : options.all ? experiments : std::vector<ops::Experiment>()) {
    options.names.push_back(one.name);
  }
  CAIRN_TRY(ops::remove_experiments(workspace, options.names));
  Outcome outcome;
  outcome.text = fmt::format("removed {}\n", counted(options.names.size(), "experiment"));
  outcome.json["removed"] = options.names;
  return outcome;
}

Result<Outcome> run_branch(const std::string& name, const std::string& branch, Invocation& invocation) {
  const std::string& wanted = branch.empty() ? name : branch;
  CAIRN_TRY(ops::branch_experiment(*invocation.workspace, name, wanted));
  Outcome outcome;
  outcome.text = fmt::format("branch {} is at experiment {}\n", quoted(wanted), quoted(name));
  outcome.json = {{"experiment", name}, {"branch", wanted}};
  return outcome;
}

}  // namespace

Command exp_run_command() {
  return {"exp run",
          "Experiments",
          "Run the pipeline with other parameters, away from the workspace",
          "cairn exp run -S train.lr=0.01\n  cairn exp run -S train.lr=0.1,0.01 -S \"seed=range(5)\" -j 4",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<RunOptions>();
            app.add_option("targets", options->targets, "Stages, outputs or cairn.yaml files (default: all)");
            app.add_option("-n,--name", options->name, "Name; of a sweep the names are NAME-1, NAME-2, …")
                .type_name("NAME");
            app.add_option("-S,--set-param", options->set,
                           "Set a parameter; several values are a sweep; may be given more than once")
                .type_name("[FILE:]KEY=VALUE")
                .one_value_each();
            app.add_option("-m,--message", options->message, "Message of the experiment's commit")
                .type_name("TEXT");
            app.add_flag("-k,--keep-going", options->keep_going,
                         "After a failed stage go on with independent stages");
            return [options](Invocation& invocation) { return run_run(*options, invocation); };
          }};
}

Command exp_list_command() {
  return {"exp list",
          "Experiments",
          "List experiments",
          "cairn exp list",
          Needs::project,
          [](Parser& app) -> Runner {
            auto names_only = std::make_shared<bool>(false);
            app.add_flag("--names-only", *names_only, "Print names only");
            return [names_only](Invocation& invocation) { return run_list(*names_only, invocation); };
          }};
}

Command exp_remove_command() {
  return {"exp remove",
          "Experiments",
          "Forget experiments",
          "cairn exp remove brave-otter",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<RemoveOptions>();
            app.add_option("names", options->names, "Experiments");
            app.add_flag("--all", options->all, "All experiments");
            return [options](Invocation& invocation) { return run_remove(*options, invocation); };
          }};
}

Command exp_branch_command() {
  return {"exp branch",
          "Experiments",
          "Make a branch of an experiment",
          "cairn exp branch brave-otter lower-rate",
          Needs::project,
          [](Parser& app) -> Runner {
            auto names = std::make_shared<std::pair<std::string, std::string>>();
            app.add_option("name", names->first, "Experiment").required();
            app.add_option("branch", names->second, "Name of the branch (default: that of the experiment)");
            return [names](Invocation& invocation) {
              return run_branch(names->first, names->second, invocation);
            };
          }};
}

}  // namespace cairn::cmd
