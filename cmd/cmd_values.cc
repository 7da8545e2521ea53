// SPDX-License-Identifier: Apache-2.0
// params show|diff and metrics show|diff: the same, but for what they read.

#include "base/escape.h"
#include "commands.h"
#include "ops/values.h"
#include "parser.h"
#include "targets.h"
#include "value_output.h"

namespace cairn::cmd {
namespace {

struct Options {
  ops::ValueRequest request;
  ops::RevisionChoice choice;
  std::string before;
  std::string after;
  bool all = false;
};

std::string noun_of(ops::ValueKind kind) {
  return kind == ops::ValueKind::params ? "params" : "metrics";
}

/// The first digits of a commit name; other names as they are.
std::string shortened(const std::string& revision) {
  constexpr std::size_t kShown = 7;
  return git::Oid::parse(revision) ? revision.substr(0, kShown) : revision;
}

Result<Outcome> run_show(Options options, const TableOptions& form, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(options.request.targets, project_paths(invocation, options.request.targets));
  CAIRN_TRY_ASSIGN(auto report, ops::show_values(*invocation.workspace, options.request, options.choice));
  Outcome outcome;
  Json revisions = Json::object();
  for (report::Revision& revision : report.revisions) {
    revisions[escaped(revision.name)] = {{"data", documents_json(revision.documents)}};
    revision.name = shortened(revision.name);
  }
  report::Table table = options.request.kind == ops::ValueKind::params
                            ? report::params_table(report.revisions, form.style())
                            : report::metrics_table(report.revisions, form.style());
  outcome.text = table_text(table, form, "no " + noun_of(options.request.kind) + "\n");
  outcome.json["revisions"] = std::move(revisions);
  outcome.errors = std::move(report.errors);
  return outcome;
}

Result<Outcome> run_diff(Options options, const TableOptions& form, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(options.request.targets, project_paths(invocation, options.request.targets));
  auto unchanged = options.all ? report::Unchanged::show : report::Unchanged::hide;
  CAIRN_TRY_ASSIGN(auto diff, ops::diff_values(*invocation.workspace, options.request, options.before,
                                               options.after, unchanged));
  bool params = options.request.kind == ops::ValueKind::params;
  report::DiffLabels labels{params ? "Param" : "Metric", shortened(diff.before), shortened(diff.after),
                            params ? "" : "Change"};
  Outcome outcome;
  report::Table table = report::diff_table(diff.documents, labels, form.style());
  outcome.text = table_text(table, form, "no differences\n");
  outcome.json = {{"old", diff.before}, {"new", diff.after}, {"diff", diffs_json(diff.documents)}};
  outcome.errors = std::move(diff.errors);
  return outcome;
}

void add_params_options(Parser& app, Options& options) {
  if (options.request.kind == ops::ValueKind::params) {
    app.add_flag("--deps", options.request.stages_only, "Only params that stages read");
  }
}

Runner show_setup(ops::ValueKind kind, Parser& app) {
  auto options = std::make_shared<Options>();
  options->request.kind = kind;
  app.add_option("targets", options->request.targets,
                 kind == ops::ValueKind::params ? "Files, or FILE:KEY[,KEY] (default: all that are declared)"
                                                : "Files or folders (default: all that are declared)");
  app.add_option("--rev", options->choice.revisions,
                 "Show this revision or experiment; may be given more than once")
      .one_value_each();
  app.add_flag("-a,--all-branches", options->choice.all_branches, "Show all local branches");
  app.add_flag("-T,--all-tags", options->choice.all_tags, "Show all tags");
  app.add_flag("-A,--all-commits", options->choice.all_commits, "Show all commits of branches and tags");
  add_params_options(app, *options);
  auto form = add_table_options(app);
  return [options, form](Invocation& invocation) { return run_show(*options, *form, invocation); };
}

Runner diff_setup(ops::ValueKind kind, Parser& app) {
  auto options = std::make_shared<Options>();
  options->request.kind = kind;
  app.add_option("from", options->before, "Revision or experiment to compare with (default: HEAD)");
  app.add_option("to", options->after, "Second revision (default: the workspace)");
  app.add_option("--targets", options->request.targets, "Only these files; may be given more than once")
      .one_value_each();
  app.add_flag("--all", options->all, "Show unchanged values too");
  add_params_options(app, *options);
  auto form = add_table_options(app);
  return [options, form](Invocation& invocation) { return run_diff(*options, *form, invocation); };
}

}  // namespace

Command params_show_command() {
  return {"params show",
          "Values",
          "Show parameters, here or in other revisions",
          "cairn params show\n  cairn params show params.yaml:lr --all-branches",
          Needs::project,
          [](Parser& app) { return show_setup(ops::ValueKind::params, app); }};
}

Command params_diff_command() {
  return {"params diff",
          "Values",
          "Compare parameters of two revisions",
          "cairn params diff\n  cairn params diff v1 v2 --md",
          Needs::project,
          [](Parser& app) { return diff_setup(ops::ValueKind::params, app); }};
}

Command metrics_show_command() {
  return {"metrics show",
          "Values",
          "Show metrics, here or in other revisions",
          "cairn metrics show --all-tags",
          Needs::project,
          [](Parser& app) { return show_setup(ops::ValueKind::metrics, app); }};
}

Command metrics_diff_command() {
  return {"metrics diff",
          "Values",
          "Compare metrics of two revisions",
          "cairn metrics diff HEAD~1",
          Needs::project,
          [](Parser& app) { return diff_setup(ops::ValueKind::metrics, app); }};
}

}  // namespace cairn::cmd
