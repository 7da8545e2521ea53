// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "ops/version_push.h"
#include "parser.h"
#include "render.h"

namespace cairn::cmd {
namespace {

Result<Outcome> run_push(const ops::VersionPushOptions& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(auto report, ops::push_versions(*invocation.workspace, options, invocation.context));
  Outcome outcome;
  for (const std::string& ref : report.sent) {
    outcome.text += fmt::format("new on {}: {}\n", quoted(report.remote), escaped(ref));
  }
  if (report.sent.empty()) {
    outcome.text = fmt::format("{} has all of it\n", quoted(report.remote));
  }
  outcome.json = {{"remote", report.remote}, {"sent", report.sent}, {"already_there", report.already_there}};
  return outcome;
}

}  // namespace

Command pipeline_push_command() {
  return {"pipeline push",
          "Versions",
          "Share versions with their data, tags and verdicts",
          "cairn pipeline push v1.0",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<ops::VersionPushOptions>();
            auto no_data = std::make_shared<bool>(false);
            app.add_option("names", options->names, "Versions (default: all)");
            app.add_flag("--no-data", *no_data, "Leave the data where it is");
            return [options, no_data](Invocation& invocation) {
              options->data = !*no_data;
              return run_push(*options, invocation);
            };
          }};
}

}  // namespace cairn::cmd
