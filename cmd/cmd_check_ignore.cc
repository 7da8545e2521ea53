// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "exit_status.h"
#include "parser.h"
#include "project/ignore.h"
#include "render.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

Result<Outcome> run_check(const std::vector<std::string>& words, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(auto paths, project_paths(invocation, words));
  CAIRN_TRY_ASSIGN(auto reports, project::check_ignore(*invocation.workspace, paths));
  Outcome outcome;
  outcome.status = kExitNo;
  Json list = Json::array();
  for (const project::IgnoreReport& report : reports) {
    Json json = {{"ignored", report.ignored}};
    put_path(json, "path", report.path);
    if (report.rule) {
      json["rule"] = {{"file", escaped(report.rule->file)},
                      {"line", report.rule->line},
                      {"pattern", escaped(report.rule->pattern)}};
      outcome.text += fmt::format("{}:{}:{}\t{}\n", escaped(report.rule->file), report.rule->line,
                                  escaped(report.rule->pattern), shown_path(invocation, report.path));
    }
    if (report.ignored) {
      outcome.status = kExitOk;
    }
    list.push_back(std::move(json));
  }
  outcome.json["paths"] = std::move(list);
  return outcome;
}

}  // namespace

Command check_ignore_command() {
  return {"check-ignore",
          "Data",
          "Say which .cairnignore rule decides about a path",
          "cairn check-ignore data/cache.tmp",
          Needs::project,
          [](Parser& app) -> Runner {
            auto paths = std::make_shared<std::vector<std::string>>();
            app.add_option("paths", *paths, "Paths to look up").required();
            return [paths](Invocation& invocation) { return run_check(*paths, invocation); };
          }};
}

}  // namespace cairn::cmd
