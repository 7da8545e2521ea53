// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "base/escape.h"
#include "commands.h"
#include "exit_status.h"
#include "ops/drift.h"
#include "os/file.h"
#include "os/path.h"
#include "parser.h"
#include "render.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

struct Options {
  ops::DriftRequest request;
  std::string fail_on;
  std::string html;
};

/// A file as the user would name it.
std::string path_of(const std::string& written, const Invocation& invocation) {
  return written.starts_with('/') ? written : os::join(invocation.folder, written);
}

/// Two files, or two revisions of a project.
Result<ops::DriftReport> find(ops::DriftRequest& request, Invocation& invocation) {
  if (report::record_format(request.before) && report::record_format(request.after)) {
    return ops::find_file_drift(request, path_of(request.before, invocation),
                                path_of(request.after, invocation), invocation.context);
  }
  CAIRN_TRY_ASSIGN(auto workspace, project::Workspace::open(invocation.folder));
  invocation.workspace = workspace.get();
  auto paths = project_paths(invocation, request.paths);
  invocation.workspace = nullptr;
  CAIRN_TRY_ASSIGN(request.paths, std::move(paths));
  return ops::find_drift(*workspace, request, invocation.context);
}

std::string_view name_of(ops::TableChange change) {
  switch (change) {
    case ops::TableChange::changed:
      return "changed";
    case ops::TableChange::unchanged:
      return "unchanged";
    case ops::TableChange::added:
      return "added";
    case ops::TableChange::removed:
      return "removed";
  }
  return "";
}

std::string_view name_of(report::ColumnChange change) {
  switch (change) {
    case report::ColumnChange::none:
      return "none";
    case report::ColumnChange::added:
      return "added";
    case report::ColumnChange::removed:
      return "removed";
    case report::ColumnChange::type:
      return "type";
  }
  return "";
}

Json number(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? Json(*value) : Json();
}

Json column_json(const report::ColumnDrift& column) {
  Json unseen = Json::array();
  for (const std::string& value : column.unseen) {
    unseen.push_back(escaped(value));
  }
  return {{"column", escaped(column.column)},
          {"verdict", column.verdict()},
          {"change", name_of(column.change)},
          {"type_before", report::type_name(column.type_before)},
          {"type_after", report::type_name(column.type_after)},
          {"psi", number(column.psi)},
          {"ks", number(column.ks)},
          {"nulls_before", column.nulls_before},
          {"nulls_after", column.nulls_after},
          {"mean_before", number(column.mean_before)},
          {"mean_after", number(column.mean_after)},
          {"unseen", std::move(unseen)},
          {"unseen_share", column.unseen_share}};
}

Json file_json(const ops::FileDrift& file) {
  Json item;
  put_path(item, "path", file.path);
  item["change"] = name_of(file.change);
  if (file.drift) {
    item["rows_before"] = file.drift->rows_before;
    item["rows_after"] = file.drift->rows_after;
    Json columns = Json::array();
    for (const report::ColumnDrift& column : file.drift->columns) {
      columns.push_back(column_json(column));
    }
    item["columns"] = std::move(columns);
  }
  Json hits = Json::array();
  for (const report::DriftHit& hit : file.hits) {
    hits.push_back({{"column", escaped(hit.column)},
                    {"measure", pipeline::measure_name(hit.measure)},
                    {"value", hit.value},
                    {"limit", hit.limit},
                    {"text", hit.text}});
  }
  item["hits"] = std::move(hits);
  return item;
}

std::string file_text(const ops::FileDrift& file, bool color) {
  std::string text = painted(escaped(file.path), Color::bold, color);
  if (!file.drift) {
    text += std::string(": ") +
            (file.change == ops::TableChange::added     ? "new"
             : file.change == ops::TableChange::removed ? "gone"
                                                        : "unchanged") +
            "\n";
  } else {
    text += ": " + counted(file.drift->rows_before, "row") + " before, " +
            std::to_string(file.drift->rows_after) + " after\n" +
            indented(report::drift_text(*file.drift), "  ");
  }
  for (const report::DriftHit& hit : file.hits) {
    text += painted("FAILED", Color::red, color) + "  " + escaped(file.path) + ": " + hit.text + "\n";
  }
  return text;
}

Result<Outcome> run_drift(Options options, Invocation& invocation) {
  if (!options.fail_on.empty()) {
    auto rules = pipeline::parse_drift_rules(options.fail_on);
    if (!rules.ok()) {
      return Error(Code::usage, rules.error().message());
    }
    options.request.rules = std::move(*rules);
  }
  CAIRN_TRY_ASSIGN(auto report, find(options.request, invocation));
  if (!options.html.empty()) {
    const std::string page = ops::drift_page(report);
    CAIRN_TRY(os::write_atomic(path_of(options.html, invocation), as_bytes(page)));
  }
  Outcome outcome;
  Json files = Json::array();
  for (const ops::FileDrift& file : report.files) {
    outcome.text += file_text(file, invocation.color);
    files.push_back(file_json(file));
  }
  if (report.files.empty() && report.errors.empty()) {
    outcome.text = "no table differs\n";
  }
  outcome.json = {
      {"before", escaped(report.before)}, {"after", escaped(report.after)}, {"files", std::move(files)}};
  outcome.status = report.hit() ? kExitNo : 0;
  outcome.errors = std::move(report.errors);
  return outcome;
}

}  // namespace

Command drift_command() {
  return {
      "drift",
      "Values",
      "Compare the distribution of data in two states",
      "cairn drift v1.0 workspace data/train.csv\n  cairn drift HEAD~1 HEAD --fail-on "
      "'psi>0.2,ks>0.1,nulls>0.05,schema'\n  cairn drift old.csv new.csv --html drift.html",
      Needs::nothing,
      [](Parser& app) -> Runner {
        auto options = std::make_shared<Options>();
        app.add_option("before", options->request.before,
                       "A version, revision or experiment, or a table's file")
            .required();
        app.add_option("after", options->request.after,
                       "The state to judge, or 'workspace', or a table's file")
            .required();
        app.add_option("paths", options->request.paths,
                       "Tables or folders (default: every table that differs)");
        app.add_option("--fail-on", options->fail_on,
                       "Exit with 1 if a column is above one of these limits (default: as cairn.yaml says)")
            .type_name("RULE,...");
        app.add_option("--html", options->html, "Write a page with charts to this file").type_name("FILE");
        return [options](Invocation& invocation) { return run_drift(*options, invocation); };
      }};
}

}  // namespace cairn::cmd
