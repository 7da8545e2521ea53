// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "commands.h"
#include "parser.h"
#include "pipeline/lock_outputs.h"
#include "project/move.h"
#include "render.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::string from;
  std::string to;
  bool dry_run = false;
};

Result<Outcome> run_move(const Options& options, Invocation& invocation) {
  project::MoveOptions move;
  CAIRN_TRY_ASSIGN(move.from, invocation.workspace->to_project_path(options.from, invocation.folder));
  CAIRN_TRY_ASSIGN(move.to, invocation.workspace->to_project_path(options.to, invocation.folder));
  move.dry_run = options.dry_run;
  CAIRN_TRY_ASSIGN(auto tracked, project::find_tracked(*invocation.workspace, pipeline::read_lock_outputs));
  CAIRN_TRY_ASSIGN(auto report, project::move(*invocation.workspace, tracked, move));
  Outcome outcome;
  outcome.text =
      fmt::format("moved {} to {}\n", shown_path(invocation, report.from), shown_path(invocation, report.to));
  put_path(outcome.json, "from", report.from);
  put_path(outcome.json, "to", report.to);
  outcome.json["data_moved"] = report.data_moved;
  return outcome;
}

}  // namespace

Command move_command() {
  return {"move",
          "Data",
          "Rename tracked data with its pointer",
          "cairn move data.csv raw/data.csv",
          Needs::project_locked,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("from", options->from, "Tracked path").required();
            app.add_option("to", options->to, "New path, or a folder to move it into").required();
            app.add_flag("--dry-run", options->dry_run, "Say what would be done");
            return [options](Invocation& invocation) { return run_move(*options, invocation); };
          },
          TakesCommit::yes};
}

}  // namespace cairn::cmd
