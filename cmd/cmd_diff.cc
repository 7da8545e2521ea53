// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "commands.h"
#include "data_diff_output.h"
#include "exit_status.h"
#include "file_changes.h"
#include "os/path.h"
#include "project/diff.h"
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
};

bool is_selected(const std::string& path, const std::vector<std::string>& targets) {
  return targets.empty() || std::any_of(targets.begin(), targets.end(), [&](const std::string& target) {
           return os::is_within(path, target);
         });
}

Result<project::DiffReport> compare(const Options& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(auto before, tracked_at(invocation, options.from));
  CAIRN_TRY_ASSIGN(auto after, tracked_at(invocation, options.to));
  if (options.to.empty()) {
    return project::diff_workspace(*invocation.workspace, before, after, invocation.context);
  }
  return project::diff_revisions(*invocation.workspace, before, after);
}

std::string totals_line(const project::DiffTotals& totals) {
  return fmt::format("{} added, {} modified, {} deleted, {} renamed\n", totals.added,
                     totals.modified + totals.type_changed, totals.deleted, totals.renamed);
}

Result<Outcome> run_diff(const Options& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(auto targets, project_paths(invocation, options.targets));
  CAIRN_TRY_ASSIGN(auto report, compare(options, invocation));
  CAIRN_TRY(invocation.workspace->save());
  std::erase_if(report.changes,
                [&](const project::FileChange& change) { return !is_selected(change.path, targets); });
  Outcome outcome;
  outcome.text = change_lines(invocation, report.changes, "");
  outcome.text += report.changes.empty() ? "no differences\n" : totals_line(report.totals());
  outcome.json["changes"] = changes_json(report.changes);
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

CLI::Option* add_data_options(CLI::App& app, Options& options) {
  auto* data =
      app.add_option("--data", options.data, "Show what changed inside this file: rows, lines, or how much")
          ->type_name("PATH");
  app.add_option("--key", options.request.table.key, "Columns that name a row of the table (default: found)")
      ->delimiter(',')
      ->type_name("COLUMN")
      ->needs(data)
      ->allow_extra_args(false);
  app.add_option("--rows", options.request.table.rows, "Rows to show of each kind (default: 10)")
      ->type_name("N")
      ->needs(data);
  app.add_flag("--md", options.markdown, "Print Markdown")->needs(data);
  return data;
}

}  // namespace

Command diff_command() {
  return {"diff",
          "Data",
          "Show which data differs, in the workspace or between revisions",
          "cairn diff\n  cairn diff HEAD~1 HEAD\n  cairn diff --data prices.csv --key id",
          Needs::project,
          [](CLI::App& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("from", options->from, "Revision to compare with (default: the pointers here)");
            app.add_option("to", options->to, "Second revision (default: the files in the workspace)");
            auto* targets =
                app.add_option("--targets", options->targets, "Only these paths")->allow_extra_args(false);
            app.add_flag("--exit-code", options->exit_code, "End with status 1 when something differs");
            add_data_options(app, *options)->excludes(targets);
            return [options](Invocation& invocation) {
              return options->data.empty() ? run_diff(*options, invocation)
                                           : run_data_diff(*options, invocation);
            };
          }};
}

}  // namespace cairn::cmd
