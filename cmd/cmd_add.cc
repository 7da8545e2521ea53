// SPDX-License-Identifier: Apache-2.0
#include "add_report.h"
#include "commands.h"
#include "ops/add_to_remote.h"
#include "ops/pipelines.h"
#include "parser.h"
#include "pipeline/lock_outputs.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::vector<std::string> targets;
  bool force = false;
  bool dry_run = false;
  bool to_remote = false;
  std::string remote;
};

Result<Outcome> run_add(const Options& options, Invocation& invocation) {
  project::AddOptions add;
  CAIRN_TRY_ASSIGN(add.targets, expand_targets(invocation, options.targets));
  add.force = options.force;
  add.dry_run = options.dry_run;
  CAIRN_TRY_ASSIGN(add.stage_outputs, ops::stage_outputs(*invocation.workspace));
  const bool sends = options.to_remote && !options.dry_run;
  CAIRN_TRY_ASSIGN(
      auto report,
      sends ? ops::add_to_remote(*invocation.workspace, std::move(add), options.remote,
                                 pipeline::read_lock_outputs, invocation.context)
            : project::add(*invocation.workspace, add, pipeline::read_lock_outputs, invocation.context));
  return outcome_of(invocation, report, sends ? Kept::on_remote : Kept::here);
}

}  // namespace

Command add_command() {
  return {"add",
          "Data",
          "Put files and folders under version control",
          "cairn add data.csv images/",
          Needs::project_locked,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("targets", options->targets, "Files, folders, or quoted globs").required();
            app.add_flag("-f,--force", options->force,
                         "Read all files anew, and record data that is older than its pointer");
            app.add_flag("--dry-run", options->dry_run, "Say what would be done");
            const Option to_remote = app.add_flag("--to-remote", options->to_remote,
                                                  "Send the data to a remote and keep nothing in the store");
            app.add_option("-r,--remote", options->remote, "With --to-remote: where (default: core.remote)")
                .type_name("NAME")
                .needs(to_remote);
            return [options](Invocation& invocation) { return run_add(*options, invocation); };
          },
          TakesCommit::yes};
}

}  // namespace cairn::cmd
