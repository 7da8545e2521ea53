// SPDX-License-Identifier: Apache-2.0
#include "commands.h"
#include "exit_status.h"
#include "ops/version_run.h"
#include "parser.h"
#include "stage_view.h"
#include "version_run_output.h"

namespace cairn::cmd {
namespace {

struct Options {
  ops::VersionRunOptions run;
  std::vector<std::string> set;
  bool markdown = false;
};

Result<Outcome> run_pipeline_run(const Options& options, Invocation& invocation) {
  ops::VersionRunOptions run = options.run;
  for (const std::string& written : options.set) {
    CAIRN_TRY_ASSIGN(pipeline::OverrideChoices choices, pipeline::parse_override(written));
    run.set.push_back(std::move(choices));
  }
  run.folder.absolute = invocation.folder;
  CAIRN_TRY_ASSIGN(run.folder.project, invocation.workspace->to_project_path(".", invocation.folder));
  const auto view = stage_view(*invocation.terminal);
  run.watcher = view.get();
  Context context = invocation.context;
  CAIRN_TRY_ASSIGN(auto report, ops::run_version(*invocation.workspace, run, context));
  Outcome outcome;
  outcome.text = version_run_text(report, options.markdown);
  put_version_run(outcome.json, report);
  outcome.errors = report.errors;
  if (report.repro.stages.interrupted) {
    outcome.status = kExitInterrupted;
  } else if (!report.errors.empty()) {
    outcome.status = exit_status(report.errors.front().code());
  }
  return outcome;
}

}  // namespace

Command pipeline_run_command() {
  return {
      "pipeline run",
      "Versions",
      "Run a saved version, or the current state, with other data and parameters",
      "cairn pipeline run --version v1.0 --data raw.csv=march.csv\n"
      "  cairn pipeline run --data march.csv --set train.lr=0.1 --save-as march",
      Needs::project,
      [](Parser& app) -> Runner {
        auto options = std::make_shared<Options>();
        app.add_option("--version", options->run.version,
                       "Version to run (default: HEAD with the changes of tracked files here)")
            .type_name("NAME");
        app.add_option("--data", options->run.data,
                       "File or folder in place of an input; may be given more than once")
            .type_name("[INPUT=]FILE")
            .one_value_each();
        app.add_option("-S,--set", options->set, "Set a parameter; may be given more than once")
            .type_name("[FILE:]KEY=VALUE")
            .one_value_each();
        app.add_option("--stage", options->run.stages,
                       "Run this stage and those that it needs; may be given more than once")
            .type_name("STAGE")
            .one_value_each();
        app.add_option("--save-as", options->run.save_as, "Save the result as a version").type_name("NAME");
        app.add_option("-m,--message", options->run.message, "Message of what is kept").type_name("TEXT");
        app.add_flag("--md", options->markdown, "Print Markdown");
        return [options](Invocation& invocation) { return run_pipeline_run(*options, invocation); };
      }};
}

}  // namespace cairn::cmd
