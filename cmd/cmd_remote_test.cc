// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "commands.h"
#include "exit_status.h"
#include "ops/remote_test.h"
#include "parser.h"
#include "render.h"

namespace cairn::cmd {
namespace {

std::string state_of(const ops::RemoteTest& test) {
  const remote::ProbeReport& probe = test.probe;
  return probe.failed() != nullptr ? "it cannot be used as it is\n"
         : !probe.writable         ? "it can be read; this kind of remote cannot be written\n"
         : probe.used              ? "it can be used\n"
                                   : "it can be used; nothing was pushed there yet\n";
}

Result<Outcome> run_test(const std::string& name, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(const ops::RemoteTest test,
                   ops::test_remote(*invocation.workspace, name, invocation.context));
  Outcome outcome;
  Json steps = Json::array();
  std::vector<std::vector<std::string>> rows;
  for (const remote::ProbeStep& step : test.probe.steps) {
    const double ms = std::chrono::duration<double, std::milli>(step.took).count();
    rows.push_back({"  " + step.name,
                    step.error ? painted("failed", Color::red, invocation.color)
                               : painted("ok", Color::green, invocation.color),
                    fmt::format("{:.1f} ms", ms)});
    steps.push_back({{"step", step.name}, {"ok", !step.error}, {"ms", ms}});
    if (step.error) {
      outcome.errors.push_back(step.error->with_context(step.name));
    }
  }
  outcome.text = fmt::format("remote {} ({})\n", quoted(test.name), test.place) +
                 (test.login.empty() ? "" : "login from " + test.login + "\n") + table(rows) + state_of(test);
  outcome.json = {{"name", test.name},
                  {"place", test.place},
                  {"login", test.login},
                  {"used", test.probe.used},
                  {"writable", test.probe.writable},
                  {"steps", std::move(steps)}};
  outcome.status = outcome.errors.empty() ? 0 : exit_status(outcome.errors.front().code());
  return outcome;
}

}  // namespace

Command remote_test_command() {
  return {"remote test",
          "Sharing",
          "Try what push and pull need of a remote, step by step",
          "cairn remote test",
          Needs::project,
          [](Parser& app) -> Runner {
            auto name = std::make_shared<std::string>();
            app.add_option("name", *name, "Name of the remote (default: core.remote)");
            return [name](Invocation& invocation) { return run_test(*name, invocation); };
          }};
}

}  // namespace cairn::cmd
