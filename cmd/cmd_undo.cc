// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "commands.h"
#include "ops/undo.h"
#include "parser.h"
#include "path_report.h"
#include "rollback_report.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

Result<Outcome> run_undo(const project::UndoOptions& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(auto undone, ops::undo(*invocation.workspace, options, invocation.context));
  const project::UndoReport& report = undone.workspace;
  Outcome outcome =
      undone.rollback ? outcome_of(invocation, *undone.rollback) : outcome_of(invocation, report.paths);
  if (!undone.rollback && !outcome.errors.empty()) {
    return outcome;  // all or nothing: nothing was taken back
  }
  std::string head = fmt::format("took back: {}\n", report.command);
  if (report.moved) {
    head += fmt::format("moved     {} to {}\n", shown_path(invocation, report.moved->first),
                        shown_path(invocation, report.moved->second));
  }
  for (const std::string& pointer : report.pointers) {
    head += fmt::format("pointer   {}.cairn\n", shown_path(invocation, pointer));
  }
  outcome.text = head + outcome.text;
  outcome.json["undone"] = report.command;
  return outcome;
}

}  // namespace

Command undo_command() {
  return {"undo",
          "Data",
          "Take back the last checkout, remove, move or rollback",
          "cairn undo",
          Needs::project_locked,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<project::UndoOptions>();
            app.add_flag("-f,--force", options->force,
                         "Also over what was changed since; it is stored first");
            app.add_flag("--dry-run", options->dry_run, "Say what would be done");
            return [options](Invocation& invocation) { return run_undo(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
