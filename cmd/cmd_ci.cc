// SPDX-License-Identifier: Apache-2.0
// ci check and init.

#include "base/escape.h"
#include "commands.h"
#include "exit_status.h"
#include "ops/ci_check.h"
#include "ops/ci_init.h"
#include "os/file.h"
#include "os/path.h"
#include "parser.h"
#include "render.h"
#include "value_output.h"

namespace cairn::cmd {
namespace {

struct CheckOptions {
  bool github = false;
  std::string gitlab;
  std::string junit;
  std::string markdown;
};

Status write_report(const std::string& path, const std::string& text, const Invocation& invocation) {
  return path.empty() ? Status()
                      : os::write_atomic(path.starts_with('/') ? path : os::join(invocation.folder, path),
                                         as_bytes(text));
}

std::string_view name_of(report::CheckState state) {
  return state == report::CheckState::unknown ? "unknown" : report::state_words(state);
}

Json problem_json(const report::CheckProblem& problem) {
  Json json = {{"state", name_of(problem.state)}};
  if (!problem.path.empty()) {
    put_path(json, "path", problem.path);
  }
  if (problem.line != 0) {
    json["line"] = problem.line;
  }
  json.update(to_json(problem.error));
  return json;
}

Json report_json(const report::CheckReport& report) {
  Json checks = Json::array();
  for (const report::Check& check : report.checks) {
    Json problems = Json::array();
    for (const report::CheckProblem& problem : check.problems) {
      problems.push_back(problem_json(problem));
    }
    checks.push_back({{"check", check.name},
                      {"state", name_of(check.state())},
                      {"about", escaped(check.about)},
                      {"problems", std::move(problems)}});
  }
  return {{"commit", report.commit},
          {"state", name_of(report.state())},
          {"checks", std::move(checks)},
          {"bytes_read", report.bytes_read},
          {"data_bytes", report.data_bytes}};
}

Result<Outcome> run_check(const CheckOptions& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(const auto report, ops::ci_check(*invocation.workspace, invocation.context));
  const std::string quality =
      options.gitlab.empty() ? "" : value_json(report::check_gitlab(report)).dump(2) + "\n";
  CAIRN_TRY(write_report(options.gitlab, quality, invocation));
  CAIRN_TRY(write_report(options.junit, report::check_junit(report), invocation));
  CAIRN_TRY(write_report(options.markdown, report::check_markdown(report), invocation));
  Outcome outcome;
  outcome.text = (options.github ? report::check_github(report) : "") + report::check_text(report);
  outcome.json = report_json(report);
  outcome.status = report.state() == report::CheckState::failed ? kExitNo : kExitOk;
  for (const report::Check& check : report.checks) {
    for (const report::CheckProblem& problem : check.problems) {
      if (problem.state == report::CheckState::unknown) {
        outcome.errors.push_back(problem.error);
      }
    }
  }
  return outcome;
}

Result<Outcome> run_init(const std::string& provider, bool dry_run, Invocation& invocation) {
  const auto known = ops::ci_provider(provider);
  if (!known) {
    return Error(Code::usage, quoted(provider) + " is neither github nor gitlab", "cairn ci init github");
  }
  CAIRN_TRY_ASSIGN(const ops::CiWorkflow workflow, ops::ci_workflow(*invocation.workspace, *known));
  Outcome outcome;
  put_path(outcome.json, "path", workflow.path);
  outcome.json["text"] = workflow.text;
  outcome.json["dry_run"] = dry_run;
  if (dry_run) {
    outcome.text = workflow.text;
    return outcome;
  }
  CAIRN_TRY(ops::write_workflow(*invocation.workspace, workflow));
  outcome.text = "wrote " + workflow.path + "; next: git add " + workflow.path + ", and commit\n";
  return outcome;
}

}  // namespace

Command ci_check_command() {
  return {"ci check",
          "Sharing",
          "Say whether HEAD may be relied on, without its data",
          "cairn ci check\n  cairn ci check --github --md \"$GITHUB_STEP_SUMMARY\"",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<CheckOptions>();
            app.add_flag("--github", options->github, "Print annotations for GitHub Actions, too");
            app.add_option("--gitlab", options->gitlab, "Write a Code Quality report for GitLab, too")
                .type_name("FILE");
            app.add_option("--junit", options->junit, "Write the report as JUnit XML, too").type_name("FILE");
            app.add_option("--md", options->markdown, "Write the report as Markdown, too").type_name("FILE");
            return [options](Invocation& invocation) { return run_check(*options, invocation); };
          }};
}

Command ci_init_command() {
  return {"ci init",
          "Sharing",
          "Write a workflow that checks every push",
          "cairn ci init github",
          Needs::project,
          [](Parser& app) -> Runner {
            auto provider = std::make_shared<std::string>("github");
            auto dry_run = std::make_shared<bool>(false);
            app.add_option("provider", *provider, "github or gitlab (default: github)");
            app.add_flag("--dry-run", *dry_run, "Print it instead");
            return [provider, dry_run](Invocation& invocation) {
              return run_init(*provider, *dry_run, invocation);
            };
          }};
}

}  // namespace cairn::cmd
