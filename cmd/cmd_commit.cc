// SPDX-License-Identifier: Apache-2.0
#include "add_report.h"
#include "commands.h"
#include "parser.h"
#include "pipeline/lock_outputs.h"
#include "project/commit.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::vector<std::string> targets;
  project::CommitOptions commit;
};

Result<Outcome> run_commit(const Options& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(auto targets, project_paths(invocation, options.targets));
  CAIRN_TRY_ASSIGN(auto tracked, project::find_tracked(*invocation.workspace, pipeline::read_lock_outputs));
  CAIRN_TRY_ASSIGN(tracked, project::select_tracked(std::move(tracked), targets));
  CAIRN_TRY_ASSIGN(auto report,
                   project::commit(*invocation.workspace, tracked, options.commit, invocation.context));
  return outcome_of(invocation, report);
}

}  // namespace

Command commit_command() {
  return {"commit",
          "Data",
          "Record changes of what is tracked already",
          "cairn commit",
          Needs::project_locked,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("targets", options->targets, "Tracked paths (default: all)");
            app.add_flag("-f,--force", options->commit.force,
                         "Read all files anew, and record data that is older than its pointer");
            app.add_flag("--dry-run", options->commit.dry_run, "Say what would be done");
            return [options](Invocation& invocation) { return run_commit(*options, invocation); };
          },
          TakesCommit::yes};
}

}  // namespace cairn::cmd
