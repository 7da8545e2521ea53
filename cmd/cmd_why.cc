// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "ops/stage_states.h"
#include "parser.h"
#include "pipeline_status.h"
#include "render.h"
#include "stage_report.h"

namespace cairn::cmd {
namespace {

/// What is known of the last run, where it explains something.
std::string last_run_line(const ops::LastRun& run, bool up_to_date) {
  if (run.status != version::RunStatus::ok) {
    return fmt::format("its last {}; see: cairn log show {}\n", run_words(run), short_id(run));
  }
  return up_to_date ? fmt::format("since {}, run {}\n", shown_time(run.start_ms), short_id(run)) : "";
}

Json run_json(const ops::LastRun& run) {
  return {{"id", run.id},
          {"status", version::status_name(run.status)},
          {"start", version::utc_text(run.start_ms)}};
}

void add_stage(const std::string& address, const ops::StageStatus& status,
               const std::optional<ops::LastRun>& last, const ChangeDetail& detail, Outcome& outcome,
               Json& list) {
  const bool up_to_date = status.report.outcome == pipeline::Outcome::up_to_date;
  pipeline::StageReport shown = status.report;
  if (status.state == ops::StageState::failed) {
    // The last run says more than that no run is recorded.
    std::erase_if(shown.changes, [](const pipeline::Change& change) {
      return change.kind == pipeline::ChangeKind::never_run;
    });
  }
  outcome.text += stage_line(address, shown, {true, detail});
  Json json = stage_json(address, status.report);
  json["state"] = ops::state_name(status.state);
  if (last.has_value()) {
    outcome.text += indented(last_run_line(*last, up_to_date), std::string(14, ' '));
    json["last_run"] = run_json(*last);
  }
  list.push_back(std::move(json));
  if (status.report.error) {
    outcome.errors.push_back(*status.report.error);
  }
}

Result<Outcome> run_why(const std::vector<std::string>& targets, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(std::string folder, invocation.workspace->to_project_path(".", invocation.folder));
  Context context = invocation.context;
  CAIRN_TRY_ASSIGN(const ops::StatesReport report,
                   ops::stage_states(*invocation.workspace, targets, folder, context));
  CAIRN_TRY_ASSIGN(const auto asked,
                   pipeline::select_stages(report.graph, targets, folder, pipeline::Reach::single));
  CAIRN_TRY_ASSIGN(const ops::LastRuns runs, ops::LastRuns::open(*invocation.workspace));
  std::vector<char> is_asked(report.graph.size(), 0);
  for (const pipeline::StageIndex stage : asked) {
    is_asked[stage] = 1;
  }
  Outcome outcome;
  Json list = Json::array();
  for (const ops::StageStatus& status : report.stages) {
    const bool up_to_date = status.report.outcome == pipeline::Outcome::up_to_date;
    if (is_asked[status.report.stage] == 0 || (targets.empty() && up_to_date)) {
      continue;
    }
    const std::string& address = report.graph.address(status.report.stage);
    add_stage(address, status, runs.find(address), all_reasons(invocation), outcome, list);
  }
  if (outcome.text.empty()) {
    outcome.text = asked.empty() ? "no stages\n" : "all stages are up to date\n";
  }
  outcome.json["stages"] = std::move(list);
  return outcome;
}

}  // namespace

Command why_command() {
  return {"why",
          "Pipelines",
          "Say why stages would run",
          "cairn why train",
          Needs::project,
          [](Parser& app) -> Runner {
            auto targets = std::make_shared<std::vector<std::string>>();
            app.add_option("stages", *targets,
                           "Stages, or their outputs (default: all that are not up to date)");
            return [targets](Invocation& invocation) { return run_why(*targets, invocation); };
          }};
}

}  // namespace cairn::cmd
