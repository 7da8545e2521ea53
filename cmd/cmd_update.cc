// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "exit_status.h"
#include "ops/update.h"
#include "parser.h"
#include "render.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::vector<std::string> targets;
  ops::UpdateOptions update;
  bool force = false;
};

const char* outcome_name(ops::UpdateOutcome outcome) {
  switch (outcome) {
    case ops::UpdateOutcome::unchanged:
      return "unchanged";
    case ops::UpdateOutcome::fixed:
      return "fixed";
    case ops::UpdateOutcome::moved:
      return "moved";
    case ops::UpdateOutcome::updated:
      return "updated";
  }
  return "";
}

/// A commit as short as Git shows it; other states as they are.
std::string shown(const std::string& state) {
  const bool is_hash = state.find_first_not_of("0123456789abcdef") == std::string::npos;
  return state.empty() ? "(unknown)" : is_hash && state.size() >= 40 ? state.substr(0, 12) : escaped(state);
}

std::string line_of(const Invocation& invocation, const ops::UpdatedPath& path) {
  std::string line = fmt::format("{:<9} {}", outcome_name(path.outcome), shown_path(invocation, path.path));
  if (path.outcome == ops::UpdateOutcome::fixed) {
    return line + fmt::format("  (imported from commit {}, which cannot move: choose another with --rev)\n",
                              shown(path.before));
  }
  if (path.outcome != ops::UpdateOutcome::unchanged) {
    line += fmt::format("  {} -> {}{}", shown(path.before), shown(path.after),
                        path.same_content ? ", the same content" : "");
  }
  return line + "\n";
}

Json to_json(const ops::UpdatedPath& path) {
  Json json = Json::object();
  put_path(json, "path", path.path);
  json["url"] = path.url;
  json["outcome"] = path.error ? "failed" : outcome_name(path.outcome);
  json["before"] = path.before;
  json["after"] = path.after;
  json["same_content"] = path.same_content;
  return json;
}

Result<Outcome> run_update(Options options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(options.update.targets, project_paths(invocation, options.targets));
  options.update.changed = options.force ? ops::InTheWay::replaced : ops::InTheWay::refused;
  CAIRN_TRY_ASSIGN(const auto paths, ops::update(*invocation.workspace, options.update, invocation.context));
  if (paths.size() == 1 && paths.front().error) {
    return *paths.front().error;
  }
  Outcome outcome;
  Json list = Json::array();
  for (const ops::UpdatedPath& path : paths) {
    list.push_back(to_json(path));
    if (path.error) {
      outcome.errors.push_back(*path.error);
      continue;
    }
    outcome.text += line_of(invocation, path);
    if (path.outcome == ops::UpdateOutcome::moved) {
      outcome.status = kExitNo;
    }
  }
  if (!outcome.errors.empty()) {
    outcome.status = 0;  // as the errors say
  }
  if (paths.empty()) {
    outcome.text = "nothing is imported\n";
  }
  outcome.json["imports"] = std::move(list);
  return outcome;
}

}  // namespace

Command update_command() {
  return {"update",
          "Sharing",
          "Bring imported data up to date with its sources",
          "cairn update\n  cairn update --check\n  cairn update prices.csv --rev v2.0",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("targets", options->targets, "Imports, or folders that hold some (default: all)");
            app.add_option("--rev", options->update.revision,
                           "Branch, tag, commit or saved version of the repository from now on")
                .type_name("REV");
            app.add_flag("--check", options->update.check,
                         "Only say which sources moved; status 1 when any did");
            app.add_flag("-f,--force", options->force, "Overwrite local changes");
            return [options](Invocation& invocation) { return run_update(*options, invocation); };
          },
          TakesCommit::yes};
}

}  // namespace cairn::cmd
