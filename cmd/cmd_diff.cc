// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "commands.h"
#include "data_diff_output.h"
#include "diff_output.h"
#include "exit_status.h"
#include "file_changes.h"
#include "os/path.h"
#include "parser.h"
#include "render.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::string from;
  std::string to;
  std::vector<std::string> targets;
  bool exit_code = false;
  std::string data;
  ops::DataDiffRequest request;
  bool markdown = false;
  bool stat = false;
  bool all = false;
};

bool is_selected(const std::string& path, const std::vector<std::string>& targets) {
  return targets.empty() || std::any_of(targets.begin(), targets.end(), [&](const std::string& target) {
           return os::is_within(path, target);
         });
}

/// Differences, and the paths that either side tracks.
struct Compared {
  project::DiffReport report;
  std::set<std::string, std::less<>> tracked;
};

Result<Compared> compare(const Options& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(const auto targets, project_paths(invocation, options.targets));
  CAIRN_TRY_ASSIGN(const auto before, tracked_at(invocation, options.from));
  CAIRN_TRY_ASSIGN(const auto after, tracked_at(invocation, options.to));
  auto report = options.to.empty()
                    ? project::diff_workspace(*invocation.workspace, before, after, invocation.context)
                    : project::diff_revisions(*invocation.workspace, before, after);
  CAIRN_TRY(report);
  Compared compared{std::move(*report), {}};
  std::erase_if(compared.report.changes,
                [&](const project::FileChange& change) { return !is_selected(change.path, targets); });
  for (const auto& side : {before, after}) {
    for (const project::Tracked& one : side) {
      compared.tracked.insert(one.path);
    }
  }
  return compared;
}

Result<Outcome> run_diff(const Options& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(auto compared, compare(options, invocation));
  CAIRN_TRY(invocation.workspace->save());
  const project::DiffReport& report = compared.report;
  const ChangeForm form = options.markdown ? ChangeForm::markdown
                          : options.stat   ? ChangeForm::stat
                          : options.all    ? ChangeForm::all
                                           : ChangeForm::text;
  Outcome outcome;
  outcome.text = changes_text(invocation, report.changes, compared.tracked, form);
  outcome.json["changes"] = changes_json(report.changes);
  outcome.json["totals"] = totals_json(project::count_changes(report.changes));
  outcome.errors = report.errors;
  outcome.status = options.exit_code && !report.is_empty() ? kExitNo : kExitOk;
  return outcome;
}

/// What changed inside one file.
Result<Outcome> run_data_diff(Options options, Invocation& invocation) {
  ops::DataDiffRequest& request = options.request;
  CAIRN_TRY_ASSIGN(const auto paths, project_paths(invocation, {options.data}));
  request.path = paths.front();
  request.before = options.from;
  request.after = options.to;
  CAIRN_TRY_ASSIGN(const auto diff, ops::diff_data(*invocation.workspace, request));
  const std::string shown = shown_path(invocation, request.path);
  Outcome outcome;
  outcome.text = options.markdown ? data_diff_markdown(diff, shown) : data_diff_text(diff, shown);
  outcome.json = data_diff_json(diff);
  put_path(outcome.json, "path", request.path);
  outcome.status = options.exit_code && !diff.same ? kExitNo : kExitOk;
  return outcome;
}

Option add_data_options(Parser& app, Options& options) {
  const Option data =
      app.add_option("--data", options.data, "Show what changed inside this file: rows, lines, or how much")
          .type_name("PATH");
  app.add_option("--key", options.request.table.key, "Columns that name a row of the table (default: found)")
      .delimiter(',')
      .type_name("COLUMN")
      .needs(data)
      .one_value_each();
  app.add_option("--rows", options.request.table.rows, "Rows to show of each kind (default: 10)")
      .type_name("N")
      .needs(data);
  return data;
}

}  // namespace

Command diff_command() {
  return {"diff",
          "Data",
          "Show which data differs, in the workspace or between revisions",
          "cairn diff\n  cairn diff HEAD~1 HEAD --stat\n  cairn diff --data prices.csv --key id",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("from", options->from, "Revision to compare with (default: the pointers here)");
            app.add_option("to", options->to, "Second revision (default: the files in the workspace)");
            const Option targets =
                app.add_option("--targets", options->targets, "Only these paths").one_value_each();
            app.add_flag("--exit-code", options->exit_code, "End with status 1 when something differs");
            const Option stat = app.add_flag("--stat", options->stat, "Print one line for each tracked path");
            const Option all = app.add_flag("--all", options->all,
                                            "List each file, also of folders in which more than 20 changed");
            app.add_flag("--md", options->markdown, "Print Markdown").excludes(stat).excludes(all);
            stat.excludes(all);
            add_data_options(app, *options).excludes(targets).excludes(stat).excludes(all);
            return [options](Invocation& invocation) {
              return options->data.empty() ? run_diff(*options, invocation)
                                           : run_data_diff(*options, invocation);
            };
          }};
}

}  // namespace cairn::cmd
