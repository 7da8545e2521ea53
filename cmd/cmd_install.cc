// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "commands.h"
#include "git/hooks.h"
#include "git/shared_refs.h"

namespace cairn::cmd {
namespace {

Result<std::string> own_program() {
  std::error_code error;
  auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) {
    return Error(Code::io, "cannot find the path of this program: " + error.message());
  }
  return path.string();
}

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

/// With what became of the refspecs of Git's remotes.
Outcome with_fetches(Outcome outcome, bool changed, const char* line) {
  outcome.text += changed ? line : "";
  outcome.json["fetch_changed"] = changed;
  return outcome;
}

}  // namespace

Command install_command() {
  return {"install",
          "Setup",
          "Install Git hooks that keep data in step with commits",
          "cairn install",
          Needs::project,
          [](CLI::App&) -> Runner {
            return [](Invocation& invocation) -> Result<Outcome> {
              CAIRN_TRY_ASSIGN(git::Repository * repository, invocation.workspace->git());
              CAIRN_TRY_ASSIGN(std::string program, own_program());
              CAIRN_TRY_ASSIGN(auto changed, git::install_hooks(*repository, program));
              CAIRN_TRY_ASSIGN(bool fetches, git::add_shared_refspecs(*repository));
              Outcome outcome = outcome_of(changed, "installed hook", "all hooks were installed already");
              return with_fetches(std::move(outcome), fetches, "git fetch brings versions now\n");
            };
          }};
}

Command uninstall_command() {
  return {"uninstall",
          "Setup",
          "Take cairn out of the Git hooks",
          "cairn uninstall",
          Needs::project,
          [](CLI::App&) -> Runner {
            return [](Invocation& invocation) -> Result<Outcome> {
              CAIRN_TRY_ASSIGN(git::Repository * repository, invocation.workspace->git());
              CAIRN_TRY_ASSIGN(auto changed, git::uninstall_hooks(*repository));
              CAIRN_TRY_ASSIGN(bool fetches, git::remove_shared_refspecs(*repository));
              Outcome outcome = outcome_of(changed, "removed hook", "no hook was installed");
              return with_fetches(std::move(outcome), fetches, "git fetch no longer brings versions\n");
            };
          }};
}

}  // namespace cairn::cmd
