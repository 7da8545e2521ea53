// SPDX-License-Identifier: Apache-2.0
#include "version_run_output.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "environment_output.h"
#include "experiment_output.h"
#include "render.h"
#include "report/value_tables.h"
#include "stage_report.h"
#include "value_output.h"

namespace cairn::cmd {
namespace {

/// Digits of an id that are enough for people.
constexpr std::size_t kShortId = 15;
constexpr std::size_t kShortCommit = 7;

std::string shown(const std::optional<store::Object>& object) {
  return object ? object->id.text().substr(0, kShortId) + " " + human_size(object->size) : "";
}

report::Table path_table(const std::string& what, const std::vector<ops::PathComparison>& paths,
                         bool with_files) {
  report::Table table{{what, "Before", "After"}, {}};
  if (with_files) {
    table.header.emplace_back("From");
  }
  for (const ops::PathComparison& path : paths) {
    table.rows.push_back({path.path, shown(path.before), shown(path.after)});
    if (with_files) {
      table.rows.back().push_back(path.file);
    }
  }
  return table;
}

report::Table stage_table(const ops::ReproReport& repro) {
  report::Table table{{"Stage", "Outcome"}, {}};
  for (const pipeline::StageReport& stage : repro.stages.stages) {
    std::string outcome(pipeline::outcome_name(stage.outcome));
    std::replace(outcome.begin(), outcome.end(), '_', ' ');
    table.rows.push_back({repro.graph.address(stage.stage), std::move(outcome)});
  }
  return table;
}

report::Table values_table(const std::string& what, const std::vector<report::DocumentDiff>& diffs) {
  return report::diff_table(diffs, {what, "Before", "After", "Change"}, {});
}

/// What was run, in one line.
std::string first_line(const ops::VersionRunReport& report) {
  const std::string commit = report.base.substr(0, kShortCommit);
  return report.version.empty() ? fmt::format("run of the workspace, which starts from {}\n", commit)
                                : fmt::format("run of {} ({})\n", escaped(report.version), commit);
}

std::string last_lines(const ops::VersionRunReport& report) {
  if (!report.saved) {
    return "stopped: nothing was kept\n";
  }
  const std::string& name = report.saved->name;
  std::string text = fmt::format("kept as experiment {} ({})\n", name, status_name(report.saved->status));
  return report.saved_as.empty() ? text
                                 : text + fmt::format("saved as version {}\n", escaped(report.saved_as));
}

Json object_json(const std::optional<store::Object>& object) {
  return object ? Json{{"hash", object->id.text()}, {"size", object->size}} : Json();
}

Json paths_json(const std::vector<ops::PathComparison>& paths) {
  Json list = Json::array();
  for (const ops::PathComparison& path : paths) {
    Json json = Json::object();
    put_path(json, "path", path.path);
    json["old"] = object_json(path.before);
    json["new"] = object_json(path.after);
    if (!path.file.empty()) {
      put_path(json, "file", path.file);
    }
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace

std::string version_run_text(const ops::VersionRunReport& report, bool markdown) {
  std::string text = first_line(report) + environment_lines(report.environments);
  for (const report::Table& table :
       {path_table("Input", report.inputs, true), values_table("Param", report.params),
        stage_table(report.repro), path_table("Output", report.outs, false),
        values_table("Metric", report.metrics)}) {
    if (!table.rows.empty()) {
      text += "\n" + (markdown ? report::as_markdown(table) : report::as_text(table));
    }
  }
  return text + "\n" + last_lines(report);
}

void put_version_run(Json& json, const ops::VersionRunReport& report) {
  json["version"] = report.version.empty() ? Json() : Json(report.version);
  json["base"] = report.base;
  json["environments"] = environments_json(report.environments);
  json["inputs"] = paths_json(report.inputs);
  json["params"] = diffs_json(report.params);
  json["stages"] = Json::array();
  for (const pipeline::StageReport& stage : report.repro.stages.stages) {
    json["stages"].push_back(stage_json(report.repro.graph.address(stage.stage), stage));
  }
  json["outs"] = paths_json(report.outs);
  json["metrics"] = diffs_json(report.metrics);
  json["experiment"] = report.saved ? experiment_json(*report.saved) : Json();
  json["saved_as"] = report.saved_as.empty() ? Json() : Json(report.saved_as);
}

}  // namespace cairn::cmd
