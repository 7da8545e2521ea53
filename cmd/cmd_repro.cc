// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/escape.h"
#include "commands.h"
#include "exit_status.h"
#include "ops/repro.h"
#include "render.h"
#include "stage_report.h"
#include "stage_view.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::vector<std::string> targets;
  bool force = false;
  bool dry_run = false;
  bool single = false;
  bool downstream = false;
  bool keep_going = false;
  bool no_run_cache = false;
  bool allow_missing = false;
  bool pull = false;
  std::vector<std::string> resources;
};

Result<ops::ReproOptions> repro_options(const Options& options, const Invocation& invocation) {
  if (options.single && options.downstream) {
    return Error(Code::usage, "--single-item and --downstream exclude each other");
  }
  if ((options.single || options.downstream) && options.targets.empty()) {
    return Error(Code::usage, "--single-item and --downstream need a stage", "cairn stage list");
  }
  if (options.pull && options.dry_run) {
    return Error(Code::usage,
                 "--pull and --dry-run exclude each other: what would be pulled is not known before",
                 "cairn fetch, then cairn repro --dry-run");
  }
  ops::ReproOptions repro;
  repro.pull = options.pull;
  repro.targets = options.targets;
  repro.resources = options.resources;
  CAIRN_TRY_ASSIGN(repro.folder, invocation.workspace->to_project_path(".", invocation.folder));
  repro.reach = options.single       ? pipeline::Reach::single
                : options.downstream ? pipeline::Reach::downstream
                                     : pipeline::Reach::upstream;
  repro.schedule = {invocation.context.jobs, options.force, options.dry_run, options.keep_going};
  repro.schedule.use_run_cache = !options.no_run_cache;
  repro.schedule.allow_missing = options.allow_missing;
  return repro;
}

/// "2 ran, 1 restored from the run cache, 3 up to date".
std::string summary(const pipeline::PipelineReport& report) {
  static constexpr std::pair<pipeline::Outcome, const char*> kParts[] = {
      {pipeline::Outcome::ran, "ran"},
      {pipeline::Outcome::restored, "restored from the run cache"},
      {pipeline::Outcome::adopted, "frozen and recorded"},
      {pipeline::Outcome::would_run, "would run"},
      {pipeline::Outcome::would_restore, "would be restored from the run cache"},
      {pipeline::Outcome::would_adopt, "frozen, would be recorded"},
      {pipeline::Outcome::might_run, "would run if what they need changes"},
      {pipeline::Outcome::failed, "failed"},
      {pipeline::Outcome::skipped, "skipped"},
      {pipeline::Outcome::up_to_date, "up to date"},
  };
  std::string text;
  for (const auto& [outcome, words] : kParts) {
    if (std::size_t count = report.count(outcome); count > 0) {
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, words);
    }
  }
  return text.empty() ? "no stages\n" : text + "\n";
}

int status_of(const pipeline::PipelineReport& report) {
  if (report.interrupted) {
    return kExitInterrupted;
  }
  for (const pipeline::StageReport& stage : report.stages) {
    if (stage.error) {
      return exit_status(stage.error->code());
    }
  }
  return kExitOk;
}

Result<Outcome> run_repro(const Options& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(auto repro, repro_options(options, invocation));
  Context context = invocation.context;
  const auto view = stage_view(*invocation.terminal);
  repro.schedule.watcher = view.get();
  CAIRN_TRY_ASSIGN(auto report, ops::repro(*invocation.workspace, repro, context));
  Outcome outcome;
  Json list = Json::array();
  for (const pipeline::StageReport& stage : report.stages.stages) {
    const std::string& address = report.graph.address(stage.stage);
    outcome.text += stage_line(address, stage, {invocation.verbose, first_reasons(invocation)});
    list.push_back(stage_json(address, stage));
    if (stage.error) {
      outcome.errors.push_back(*stage.error);
    }
  }
  outcome.text += summary(report.stages);
  outcome.json["stages"] = std::move(list);
  outcome.status = status_of(report.stages);
  return outcome;
}

}  // namespace

Command repro_command() {
  return {"repro",
          "Pipelines",
          "Run the stages whose inputs changed",
          "cairn repro\n  cairn repro train -j 4 --keep-going",
          Needs::project,
          [](CLI::App& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("targets", options->targets, "Stages, outputs or cairn.yaml files (default: all)");
            app.add_flag("-f,--force", options->force, "Run all selected stages, without the run cache");
            app.add_flag("--dry-run", options->dry_run, "Say what would run, and why");
            app.add_flag("-s,--single-item", options->single, "Only the named stages, not what they need");
            app.add_flag("--downstream", options->downstream, "The named stages and all that need them");
            app.add_flag("-k,--keep-going", options->keep_going,
                         "After a failure go on with independent stages");
            app.add_flag("--no-run-cache", options->no_run_cache,
                         "Run what changed, also where a result is known");
            app.add_flag("--pull", options->pull, "Fetch missing data and results from the remote");
            app.add_flag("--allow-missing", options->allow_missing,
                         "Data that is recorded but not here counts as unchanged");
            app.add_option("--resource", options->resources,
                           "How much of a resource stages may use at once: cpus, mem, gpus or your own")
                ->type_name("NAME=N")
                ->expected(1)
                ->take_all();
            return [options](Invocation& invocation) { return run_repro(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
