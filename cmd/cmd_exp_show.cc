// SPDX-License-Identifier: Apache-2.0
// exp show, diff and apply.
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "experiment_output.h"
#include "ops/experiment_apply.h"
#include "ops/experiment_show.h"
#include "ops/values.h"
#include "ops/work_area.h"
#include "parser.h"
#include "path_report.h"
#include "render.h"
#include "targets.h"
#include "value_output.h"

namespace cairn::cmd {
namespace {

struct ShowOptions {
  ops::ExperimentShowOptions show;
  bool descending = false;
};

/// {"rev":…,"name":…,"data":{"params":…,"metrics":…}} with what an experiment adds.
Json state_json(const ops::ShownState& state) {
  Json json = {{"rev", state.commit ? state.commit->hex() : "workspace"}, {"name", state.row.name}};
  if (state.experiment) {
    json.update(experiment_json(*state.experiment));
  }
  json["data"] = {{"params", documents_json(state.row.params)},
                  {"metrics", documents_json(state.row.metrics)}};
  return json;
}

class ShowOutput {
 public:
  explicit ShowOutput(const TableOptions& form) : form_(form) {}

  Json add(ops::ShownState& state, Outcome& outcome) {
    if (state.experiment) {
      std::int64_t created = state.experiment->created;
      state.row.created = form_.csv ? utc_time(created) : local_time(created);
    }
    outcome.errors.insert(outcome.errors.end(), state.errors.begin(), state.errors.end());
    rows_.push_back(state.row);
    return state_json(state);
  }

  [[nodiscard]] std::string text() const {
    return table_text(report::experiments_table(rows_, form_.style()), form_, "");
  }

 private:
  const TableOptions& form_;
  std::vector<report::ExperimentRow> rows_;
};

Result<Outcome> run_show(ShowOptions options, const TableOptions& form, Invocation& invocation) {
  CAIRN_TRY(ops::clean_work_leftovers(*invocation.workspace));
  options.show.order = options.descending ? ops::SortOrder::descending : ops::SortOrder::ascending;
  CAIRN_TRY_ASSIGN(auto report, ops::show_experiments(*invocation.workspace, options.show));
  Outcome outcome;
  ShowOutput output(form);
  Json revisions = Json::array();
  revisions.push_back(output.add(report.workspace, outcome));
  for (ops::ShownBase& base : report.bases) {
    Json json = output.add(base.base, outcome);
    Json experiments = Json::array();
    for (ops::ShownState& one : base.experiments) {
      experiments.push_back(output.add(one, outcome));
    }
    json["experiments"] = std::move(experiments);
    revisions.push_back(std::move(json));
  }
  outcome.text = output.text();
  if (report.hidden > 0 && !form.csv && !form.markdown) {
    outcome.text += fmt::format("{} of other commits: cairn exp show --all-commits\n",
                                counted(report.hidden, "experiment"));
  }
  outcome.json["revisions"] = std::move(revisions);
  outcome.json["hidden"] = report.hidden;
  return outcome;
}

struct DiffOptions {
  std::string before;
  std::string after;
  bool all = false;
};

Result<Outcome> run_diff(const DiffOptions& options, const TableOptions& form, Invocation& invocation) {
  auto unchanged = options.all ? report::Unchanged::show : report::Unchanged::hide;
  Outcome outcome;
  for (ops::ValueKind kind : {ops::ValueKind::metrics, ops::ValueKind::params}) {
    bool params = kind == ops::ValueKind::params;
    ops::ValueRequest request;
    request.kind = kind;
    CAIRN_TRY_ASSIGN(auto diff, ops::diff_values(*invocation.workspace, request, options.before,
                                                 options.after, unchanged));
    report::Table table = report::diff_table(
        diff.documents, {params ? "Param" : "Metric", diff.before, diff.after, "Change"}, form.style());
    std::string text = table_text(table, form, "");
    outcome.text += (outcome.text.empty() || text.empty() ? "" : "\n") + text;
    outcome.json["old"] = diff.before;
    outcome.json["new"] = diff.after;
    outcome.json[params ? "params" : "metrics"] = diffs_json(diff.documents);
    outcome.errors.insert(outcome.errors.end(), diff.errors.begin(), diff.errors.end());
  }
  if (outcome.text.empty()) {
    outcome.text = "no differences\n";
  }
  return outcome;
}

Result<Outcome> run_apply(const std::string& name, const ops::ExperimentApplyOptions& options,
                          Invocation& invocation) {
  CAIRN_TRY(ops::clean_work_leftovers(*invocation.workspace));
  CAIRN_TRY_ASSIGN(auto report,
                   ops::apply_experiment(*invocation.workspace, name, options, invocation.context));
  Outcome outcome = outcome_of(invocation, report.data);
  std::string text;
  for (const std::string& path : report.written) {
    text += "applied   " + shown_path(invocation, path) + "\n";
  }
  for (const std::string& path : report.removed) {
    text += "removed   " + shown_path(invocation, path) + "\n";
  }
  outcome.text = text + outcome.text;
  outcome.json["experiment"] = experiment_json(report.experiment);
  outcome.json["written"] = Json::array();
  for (const std::string& path : report.written) {
    outcome.json["written"].push_back(escaped(path));
  }
  outcome.json["removed"] = Json::array();
  for (const std::string& path : report.removed) {
    outcome.json["removed"].push_back(escaped(path));
  }
  outcome.json["stored_bytes"] = report.stored_bytes;
  return outcome;
}

}  // namespace

Command exp_show_command() {
  return {"exp show",
          "Experiments",
          "Show experiments with what they changed and their metrics",
          "cairn exp show --sort-by acc\n  cairn exp show -n 3 --md",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<ShowOptions>();
            app.add_option("-n,--num", options->show.count,
                           "Experiments of the last N commits of HEAD (default: 1)")
                .type_name("N")
                .in_range(1, 1000000);
            app.add_option("--rev", options->show.bases,
                           "Experiments of this commit; may be given more than once")
                .one_value_each();
            app.add_flag("-A,--all-commits", options->show.all, "All experiments");
            app.add_option("--sort-by", options->show.sort_by, "Sort by this metric or parameter")
                .type_name("[FILE:]KEY");
            app.add_flag("--descending", options->descending, "Sort the largest first");
            auto form = add_table_options(app);
            return [options, form](Invocation& invocation) { return run_show(*options, *form, invocation); };
          }};
}

Command exp_diff_command() {
  return {"exp diff",
          "Experiments",
          "Compare parameters and metrics of two experiments or revisions",
          "cairn exp diff brave-otter\n  cairn exp diff brave-otter calm-heron",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<DiffOptions>();
            app.add_option("from", options->before, "Experiment or revision (default: HEAD)");
            app.add_option("to", options->after, "The second one (default: the workspace)");
            app.add_flag("--all", options->all, "Show unchanged values too");
            auto form = add_table_options(app);
            return [options, form](Invocation& invocation) { return run_diff(*options, *form, invocation); };
          }};
}

Command exp_apply_command() {
  return {"exp apply",
          "Experiments",
          "Bring an experiment into the workspace",
          "cairn exp apply brave-otter",
          Needs::project_locked,
          [](Parser& app) -> Runner {
            auto name = std::make_shared<std::string>();
            auto options = std::make_shared<ops::ExperimentApplyOptions>();
            app.add_option("name", *name, "Experiment").required();
            app.add_flag("-f,--force", options->force,
                         "Replace uncommitted work too; 'cairn undo' brings it back");
            app.add_flag("--dry-run", options->dry_run, "Say what would change");
            return [name, options](Invocation& invocation) { return run_apply(*name, *options, invocation); };
          }};
}

}  // namespace cairn::cmd
