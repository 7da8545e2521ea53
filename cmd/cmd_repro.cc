// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "exit_status.h"
#include "observation_report.h"
#include "ops/repro.h"
#include "parser.h"
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
  bool trace = false;
  bool strict = false;
  bool fix = false;
  bool isolate = false;

  [[nodiscard]] bool traces() const { return trace || strict || fix; }
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
  if (options.dry_run && (options.traces() || options.isolate)) {
    return Error(Code::usage, "--dry-run runs nothing: there is nothing to watch or to isolate",
                 "cairn repro --trace");
  }
  ops::ReproOptions repro;
  repro.tracing = options.strict     ? ops::Tracing::strict
                  : options.traces() ? ops::Tracing::watch
                                     : ops::Tracing::no;
  repro.fix = options.fix;
  repro.isolate = options.isolate;
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

/// What --fix did; what it could not do is an error of its own, so that the command does not seem done.
void tell_fixes(const std::vector<ops::StageFix>& fixes, Outcome& outcome) {
  outcome.text += fix_lines(fixes);
  outcome.json["fixes"] = fix_json(fixes);
  for (const ops::StageFix& fix : fixes) {
    if (fix.error) {
      outcome.errors.push_back(*fix.error);
    }
    if (outcome.status == kExitOk && (fix.error || !fix.left.empty())) {
      outcome.status = kExitPartial;
    }
  }
}

void tell_seed_hints(const std::vector<ops::SeedHint>& hints, const Context& context, Outcome& outcome) {
  Json list = Json::array();
  for (const ops::SeedHint& hint : hints) {
    context.log.info("hint: " + hint.text());
    Json json = {{"kind", "seed"}, {"stage", escaped(hint.stage)}, {"text", hint.text()}};
    list.push_back(std::move(json));
  }
  outcome.json["hints"] = std::move(list);
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
    Json json = stage_json(address, stage);
    if (const auto observed = report.observed.find(address); observed != report.observed.end()) {
      outcome.text += observation_lines(observed->second);
      put_observation(json, observed->second);
    }
    list.push_back(std::move(json));
    if (stage.error) {
      outcome.errors.push_back(*stage.error);
    }
  }
  if (options.traces() && report.observed.empty()) {
    outcome.text += "no command ran, so nothing was watched: -f runs all\n";
  }
  outcome.text += summary(report.stages);
  outcome.json["stages"] = std::move(list);
  tell_seed_hints(report.seed_hints, context, outcome);
  outcome.status = status_of(report.stages);
  if (options.fix) {
    tell_fixes(report.fixes, outcome);
  }
  return outcome;
}

}  // namespace

Command repro_command() {
  return {"repro",
          "Pipelines",
          "Run the stages whose inputs changed",
          "cairn repro\n  cairn repro train -j 4 --keep-going",
          Needs::project,
          [](Parser& app) -> Runner {
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
            app.add_flag("--trace", options->trace,
                         "Say which files stages read and wrote without declaring them");
            app.add_flag("--strict", options->strict, "With --trace: such a stage fails");
            app.add_flag("--fix", options->fix, "With --trace: declare these files in cairn.yaml");
            app.add_flag("--isolate", options->isolate, "Run each stage where only its declared inputs are");
            app.add_option("--resource", options->resources,
                           "How much of a resource stages may use at once: cpus, mem, gpus or your own")
                .type_name("NAME=N")
                .one_value_each();
            return [options](Invocation& invocation) { return run_repro(*options, invocation); };
          },
          TakesCommit::yes};
}

}  // namespace cairn::cmd
