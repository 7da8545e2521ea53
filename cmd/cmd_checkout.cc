// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "commands.h"
#include "parser.h"
#include "path_report.h"
#include "pipeline/lock_outputs.h"
#include "project/checkout.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::vector<std::string> targets;
  bool force = false;
  bool dry_run = false;
};

Result<Outcome> run_checkout(const Options& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(auto targets, project_paths(invocation, options.targets));
  CAIRN_TRY_ASSIGN(auto tracked, project::find_tracked(*invocation.workspace, pipeline::read_lock_outputs));
  CAIRN_TRY_ASSIGN(tracked, project::select_tracked(std::move(tracked), targets));
  project::CheckoutOptions checkout{options.force, targets.empty(), options.dry_run};
  CAIRN_TRY_ASSIGN(auto report, project::checkout(*invocation.workspace, std::move(tracked), checkout,
                                                  invocation.context));
  Outcome outcome = outcome_of(invocation, report.paths);
  if (outcome.text.empty() && outcome.errors.empty()) {
    outcome.text = "nothing to do: the workspace is as its pointers say\n";
  }
  return outcome;
}

}  // namespace

Command checkout_command() {
  return {"checkout",
          "Data",
          "Make the workspace equal its pointers",
          "cairn checkout data.csv",
          Needs::project_locked,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("targets", options->targets, "Tracked paths, or paths inside them (default: all)");
            app.add_flag("-f,--force", options->force,
                         "Replace changed data too; 'cairn undo' brings it back");
            app.add_flag("--dry-run", options->dry_run, "Say what would be done");
            return [options](Invocation& invocation) { return run_checkout(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
