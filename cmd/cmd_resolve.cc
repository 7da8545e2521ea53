// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "commands.h"
#include "conflict_report.h"
#include "parser.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::vector<std::string> targets;
  bool ours = false;
  bool theirs = false;
  bool both = false;
  bool dry_run = false;
};

std::optional<project::Choice> choice_of(const Options& options) {
  if (options.ours) {
    return project::Choice::ours;
  }
  if (options.theirs) {
    return project::Choice::theirs;
  }
  return options.both ? std::optional(project::Choice::both) : std::nullopt;
}

Result<Outcome> run_resolve(const Options& options, Invocation& invocation) {
  ops::ResolveRequest request;
  request.choice = choice_of(options);
  CAIRN_TRY_ASSIGN(request.targets, project_paths(invocation, options.targets));
  request.dry_run = options.dry_run;
  CAIRN_TRY_ASSIGN(const auto files, ops::resolve(*invocation.workspace, request, invocation.context));
  return outcome_of(invocation, files);
}

}  // namespace

Command resolve_command() {
  return {"resolve",
          "Data",
          "Settle conflicts that a merge left in pointers and locks",
          "cairn resolve --theirs images/cat.png",
          Needs::project_locked,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("targets", options->targets, "Paths in conflict, or around them (default: all)");
            const Option ours = app.add_flag("--ours", options->ours, "Take what is here");
            const Option theirs = app.add_flag("--theirs", options->theirs, "Take what is merged in");
            const Option both = app.add_flag("--union", options->both, "Keep both, theirs as NAME~theirs");
            ours.excludes(theirs).excludes(both);
            theirs.excludes(both);
            app.add_flag("--dry-run", options->dry_run, "Say what would be done");
            return [options](Invocation& invocation) { return run_resolve(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
