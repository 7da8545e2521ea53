// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "commands.h"
#include "ops/plots_data.h"
#include "parser.h"
#include "render.h"
#include "report/format.h"
#include "targets.h"
#include "value_output.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::vector<std::string> targets;
  ops::RevisionChoice choice;
};

/// One row a point, one column for each column of any file.
report::Table points_table(const std::vector<ops::PlotData>& plots, const report::TableStyle& style) {
  report::Table table{{"Revision", "Path"}, {}};
  for (const ops::PlotData& plot : plots) {
    for (const text::Value& point : plot.points.items()) {
      report::Row row = {plot.revision, plot.path};
      for (const text::Entry& entry : point.entries()) {
        auto at = std::find(table.header.begin() + 2, table.header.end(), entry.key);
        auto column = static_cast<std::size_t>(at - table.header.begin());
        if (at == table.header.end()) {
          table.header.push_back(entry.key);
        }
        row.resize(std::max(row.size(), column + 1));
        row[column] = report::format(entry.value, style.digits);
      }
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

Result<Outcome> run_data(const Options& options, const TableOptions& form, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(auto targets, project_paths(invocation, options.targets));
  CAIRN_TRY_ASSIGN(auto report, ops::plots_data(*invocation.workspace, targets, options.choice));
  Outcome outcome;
  Json list = Json::array();
  for (const ops::PlotData& plot : report.plots) {
    Json one = {{"revision", plot.revision}};
    put_path(one, "path", plot.path);
    one["properties"] = value_json(plot.properties);
    one["points"] = value_json(plot.points);
    list.push_back(std::move(one));
  }
  outcome.text = table_text(points_table(report.plots, form.style()), form, "no plots\n");
  outcome.json["plots"] = std::move(list);
  outcome.errors = std::move(report.errors);
  return outcome;
}

}  // namespace

Command plots_data_command() {
  return {"plots data",
          "Values",
          "Print the points of declared plots",
          "cairn plots data --csv\n  cairn plots data loss.csv --rev HEAD~1 --json",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("targets", options->targets, "Files or folders (default: all that are declared)");
            app.add_option("--rev", options->choice.revisions,
                           "Of this revision or experiment; may be given more than once")
                .one_value_each();
            auto form = std::make_shared<TableOptions>();
            const Option markdown = app.add_flag("--md", form->markdown, "Print a Markdown table");
            app.add_flag("--csv", form->csv, "Print CSV, with all digits").excludes(markdown);
            return [options, form](Invocation& invocation) { return run_data(*options, *form, invocation); };
          }};
}

}  // namespace cairn::cmd
