// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "commands.h"
#include "parser.h"
#include "path_report.h"
#include "pipeline/lock_outputs.h"
#include "project/remove.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::vector<std::string> targets;
  project::RemoveOptions remove;
};

Result<Outcome> run_remove(const Options& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(auto targets, project_paths(invocation, options.targets));
  CAIRN_TRY_ASSIGN(auto tracked, project::find_tracked(*invocation.workspace, pipeline::read_lock_outputs));
  CAIRN_TRY_ASSIGN(tracked, project::select_tracked(std::move(tracked), targets));
  CAIRN_TRY_ASSIGN(auto report,
                   project::remove(*invocation.workspace, tracked, options.remove, invocation.context));
  Outcome outcome = outcome_of(invocation, report.paths);
  std::string lines;
  for (const project::PathReport& path : report.paths) {
    if (!path.error) {
      lines += fmt::format("untracked {}\n", shown_path(invocation, path.path));
    }
  }
  outcome.text = lines + outcome.text;
  return outcome;
}

}  // namespace

Command remove_command() {
  return {"remove",
          "Data",
          "Stop tracking data",
          "cairn remove data.csv",
          Needs::project_locked,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("targets", options->targets, "Tracked paths").required();
            app.add_flag("--outs", options->remove.outs,
                         "Remove the data from the workspace too, if it is in the store");
            app.add_flag("-f,--force", options->remove.force,
                         "With --outs: store changed data first, then remove it");
            app.add_flag("--dry-run", options->remove.dry_run, "Say what would be done");
            return [options](Invocation& invocation) { return run_remove(*options, invocation); };
          },
          TakesCommit::yes};
}

}  // namespace cairn::cmd
