// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "exit_status.h"
#include "experiment_output.h"
#include "ops/version_save.h"
#include "parser.h"

namespace cairn::cmd {
namespace {

std::string text_of(const ops::SaveReport& report, const ops::SaveOptions& options) {
  if (!report.problems.empty()) {
    return "";
  }
  const std::string why = report.reason.empty() ? "" : ": " + report.reason;
  if (!report.version) {
    return fmt::format("would save {}{}\n", report.name, why);
  }
  std::string text = fmt::format("saved version {} at commit {}{}\n", report.name,
                                 short_commit(report.version->commit), why);
  for (const std::string& alias : options.aliases) {
    text += report.errors.empty() ? fmt::format("{} is {} now\n", alias, report.name) : "";
  }
  if (report.pushed) {
    text += fmt::format("pushed it to {}\n", quoted(*report.remote));
  } else if (report.remote && !options.push) {
    text += fmt::format("share it: cairn pipeline push {}\n", report.name);
  }
  return text;
}

Result<Outcome> run_save(const ops::SaveOptions& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(auto report, ops::save_version(*invocation.workspace, options, invocation.context));
  Outcome outcome;
  outcome.text = text_of(report, options);
  outcome.json = {{"name", report.name},
                  {"reason", report.reason},
                  {"saved", report.version.has_value()},
                  {"pushed", report.pushed}};
  if (report.version) {
    outcome.json["commit"] = report.version->commit.hex();
    outcome.json["tag"] = report.version->tag.hex();
    outcome.json["aliases"] = options.aliases;
  }
  outcome.errors = report.problems.empty() ? std::move(report.errors) : std::move(report.problems);
  if (!report.version && !outcome.errors.empty()) {
    outcome.status = exit_status(outcome.errors.front().code());
  }
  return outcome;
}

}  // namespace

Command pipeline_save_command() {
  return {"pipeline save",
          "Versions",
          "Save the committed state as a named version",
          "cairn pipeline save v1.0 -m \"first model\"\n  cairn pipeline save --auto-version --push",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<ops::SaveOptions>();
            const Option name = app.add_option("name", options->name, "Name of the version, such as v1.0");
            app.add_flag(
                   "--auto-version", options->auto_version,
                   "Take the next number: v1.1 after a change of code or pipeline, v1.0.1 of data or params")
                .excludes(name);
            app.add_option("-m,--message", options->message, "What this version is").type_name("TEXT");
            app.add_option("--tag", options->aliases,
                           "Let this alias stand for the version; may be given more than once")
                .type_name("TAG")
                .one_value_each();
            app.add_flag("--git-tag", options->git_tag, "Make an ordinary tag of Git of that name too");
            app.add_flag("--push", options->push, "Push the data and the version");
            app.add_flag("--dry-run", options->dry_run, "Only check, and say what would be saved");
            return [options](Invocation& invocation) { return run_save(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
