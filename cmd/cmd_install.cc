// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "git/hooks.h"
#include "git/install_config.h"
#include "os/process.h"
#include "parser.h"
#include "project/attributes.h"

namespace cairn::cmd {
namespace {

Outcome outcome_of(const std::vector<std::string>& changed, const char* verb, const char* nothing) {
  Outcome outcome;
  for (const std::string& name : changed) {
    outcome.text += fmt::format("{} {}\n", verb, name);
  }
  if (changed.empty()) {
    outcome.text = std::string(nothing) + "\n";
  }
  outcome.json["changed"] = changed;
  return outcome;
}

/// Adds one thing that was changed or not.
void add_change(Outcome& outcome, const char* key, bool changed, const char* line) {
  outcome.text += changed ? line : "";
  outcome.json[key] = changed;
}

void add_attributes(const project::AttributesReport& report, Outcome& outcome) {
  add_change(outcome, "attributes_changed", report.changed, "completed .gitattributes: commit it\n");
  outcome.json["attributes_left"] = Json::array();
  for (const project::LeftAttribute& left : report.left) {
    outcome.text += fmt::format("left this line of .gitattributes alone: {}\n", escaped(left.line));
    outcome.json["attributes_left"].push_back(left.line);
  }
}

Result<Outcome> run_install(Invocation& invocation) {
  CAIRN_TRY_ASSIGN(git::Repository * repository, invocation.workspace->git());
  CAIRN_TRY_ASSIGN(const std::string program, os::own_program());
  CAIRN_TRY_ASSIGN(const auto hooks, git::install_hooks(*repository, program));
  CAIRN_TRY_ASSIGN(const auto attributes, project::complete_attributes(invocation.workspace->paths().root));
  if (attributes.changed) {
    invocation.workspace->note_git_file(".gitattributes");
  }
  CAIRN_TRY_ASSIGN(const git::ConfigChanges config, git::install_config(*repository));
  Outcome outcome = outcome_of(hooks, "installed hook", "all hooks were installed already");
  add_change(outcome, "drivers_changed", config.drivers,
             "git merges and shows pointers and locks by cairn now\n");
  add_attributes(attributes, outcome);
  add_change(outcome, "fetch_changed", config.fetch, "git fetch brings versions now\n");
  add_change(outcome, "untracked_cache_changed", config.untracked_cache,
             "git status looks only into folders that changed now (core.untrackedCache)\n");
  return outcome;
}

Result<Outcome> run_uninstall(Invocation& invocation) {
  CAIRN_TRY_ASSIGN(git::Repository * repository, invocation.workspace->git());
  CAIRN_TRY_ASSIGN(const auto hooks, git::uninstall_hooks(*repository));
  CAIRN_TRY_ASSIGN(const git::ConfigChanges config, git::uninstall_config(*repository));
  Outcome outcome = outcome_of(hooks, "removed hook", "no hook was installed");
  add_change(outcome, "drivers_changed", config.drivers, "git no longer merges and shows by cairn\n");
  add_change(outcome, "fetch_changed", config.fetch, "git fetch no longer brings versions\n");
  add_change(outcome, "untracked_cache_changed", config.untracked_cache,
             "git status looks into all folders again\n");
  return outcome;
}

}  // namespace

Command install_command() {
  return {
      "install",       "Setup",        "Install Git hooks and drivers that keep data in step with commits",
      "cairn install", Needs::project, [](Parser&) -> Runner { return run_install; }};
}

Command uninstall_command() {
  return {"uninstall",       "Setup",        "Take cairn out of the Git hooks and drivers",
          "cairn uninstall", Needs::project, [](Parser&) -> Runner { return run_uninstall; }};
}

}  // namespace cairn::cmd
