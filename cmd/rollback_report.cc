// SPDX-License-Identifier: Apache-2.0
#include "rollback_report.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "experiment_output.h"
#include "file_changes.h"
#include "path_report.h"
#include "render.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

std::string section(std::string_view title, const std::string& lines) {
  return lines.empty() ? "" : fmt::format("{}\n{}", title, lines);
}

std::string stage_lines(const std::vector<ops::RollbackStage>& stages) {
  std::vector<std::vector<std::string>> rows;
  for (const ops::RollbackStage& one : stages) {
    rows.push_back({"  " + kind_name(one.kind), escaped(one.stage)});
  }
  return table(rows);
}

std::string commit_lines(const ops::RollbackReport& report) {
  if (!report.commit) {
    return "";
  }
  if (report.branch) {
    return fmt::format("commit {} on {}\n", short_commit(*report.commit), escaped(*report.branch));
  }
  return fmt::format("commit {}; HEAD is detached: git switch -c NAME gives it a branch\n",
                     short_commit(*report.commit));
}

std::string missing_lines(const Invocation& invocation, const std::vector<std::string>& missing) {
  std::string lines;
  for (const std::string& path : missing) {
    lines += "  " + shown_path(invocation, path) + "\n";
  }
  return lines;
}

Json stages_json(const std::vector<ops::RollbackStage>& stages) {
  Json list = Json::array();
  for (const ops::RollbackStage& one : stages) {
    list.push_back({{"kind", kind_name(one.kind)}, {"stage", one.stage}});
  }
  return list;
}

}  // namespace

Outcome outcome_of(const Invocation& invocation, const ops::RollbackReport& report) {
  Outcome outcome = outcome_of(invocation, report.data);
  const ops::RollbackPlan& plan = report.plan;
  if (plan.nothing) {
    outcome.text = "nothing to do: the project is as in " + short_commit(plan.source) + " already\n";
  } else {
    outcome.text = section("files", change_lines(invocation, plan.files, "  ")) +
                   section("data", change_lines(invocation, plan.data, "  ")) +
                   section("stages", stage_lines(plan.stages)) +
                   section("to fetch", report.commit ? "" : missing_lines(invocation, report.missing)) +
                   commit_lines(report);
  }
  Json json = {{"source", plan.source.hex()}, {"before", plan.head.hex()}};
  if (report.commit) {
    json["commit"] = report.commit->hex();
  }
  if (report.branch) {
    json["branch"] = *report.branch;
  }
  json["files"] = changes_json(plan.files);
  json["data"] = changes_json(plan.data);
  json["stages"] = stages_json(plan.stages);
  json["missing"] = path_list(report.missing);
  json["fetched_bytes"] = report.fetched_bytes;
  json.update(outcome.json);
  outcome.json = std::move(json);
  return outcome;
}

}  // namespace cairn::cmd
