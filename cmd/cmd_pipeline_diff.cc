// SPDX-License-Identifier: Apache-2.0
#include "commands.h"
#include "exit_status.h"
#include "parser.h"
#include "version_diff_output.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::string before;
  std::string after;
  bool markdown = false;
  bool stat = false;
  bool exit_code = false;
};

Result<Outcome> run_pipeline_diff(const Options& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(auto diff, ops::diff_versions(*invocation.workspace, options.before, options.after));
  const DiffForm form = options.stat       ? DiffForm::stat
                        : options.markdown ? DiffForm::markdown
                                           : DiffForm::text;
  Outcome outcome;
  outcome.text = diff_text(diff, form, invocation.verbose);
  outcome.json = diff_json(diff);
  outcome.status = options.exit_code && !diff.is_empty() ? kExitNo : kExitOk;
  outcome.errors = std::move(diff.errors);
  return outcome;
}

}  // namespace

Command pipeline_diff_command() {
  return {"pipeline diff",
          "Versions",
          "Show what differs between two versions",
          "cairn pipeline diff v1.0 v1.1\n  cairn pipeline diff HEAD~3 --stat",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("from", options->before, "Version, alias or revision").required();
            app.add_option("to", options->after, "The same of the other side (default: HEAD)");
            const Option markdown = app.add_flag("--md", options->markdown, "Print Markdown");
            app.add_flag("--stat", options->stat, "Print one line for each section").excludes(markdown);
            app.add_flag("--exit-code", options->exit_code, "End with status 1 when something differs");
            return [options](Invocation& invocation) { return run_pipeline_diff(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
