// SPDX-License-Identifier: Apache-2.0
#include "commands.h"
#include "ops/checkout.h"
#include "parser.h"
#include "path_report.h"
#include "pipeline/lock_outputs.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

Result<Outcome> run_checkout(ops::CheckoutRequest request, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(request.targets, project_paths(invocation, request.targets));
  CAIRN_TRY_ASSIGN(const auto report, ops::checkout(*invocation.workspace, pipeline::read_lock_outputs,
                                                    request, invocation.context));
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
            auto options = std::make_shared<ops::CheckoutRequest>();
            app.add_option("targets", options->targets, "Tracked paths, or paths inside them (default: all)");
            app.add_flag("-f,--force", options->force,
                         "Replace changed data too; 'cairn undo' brings it back");
            app.add_flag("--dry-run", options->dry_run, "Say what would be done");
            return [options](Invocation& invocation) { return run_checkout(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
