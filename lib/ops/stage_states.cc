// SPDX-License-Identifier: Apache-2.0
#include "ops/stage_states.h"

#include <algorithm>

namespace cairn::ops {
namespace {

struct StateText {
  StageState state;
  std::string_view name;
  std::string_view words;
};
constexpr StateText kStates[] = {
    {StageState::up_to_date, "up_to_date", "up to date"},
    {StageState::changed, "changed", "changed"},
    {StageState::upstream_changed, "upstream_changed", "upstream changed"},
    {StageState::never_run, "never_run", "never run"},
    {StageState::missing_outs, "missing_outs", "outputs missing"},
    {StageState::failed, "failed", "failed last time"},
    {StageState::frozen, "frozen", "frozen"},
    {StageState::cannot_run, "cannot_run", "cannot run"},
};

const StateText& text_of(StageState state) {
  const StateText& row = kStates[static_cast<std::size_t>(state)];
  CAIRN_CHECK(row.state == state);
  return row;
}

bool all_are(const std::vector<pipeline::Change>& changes, pipeline::ChangeKind kind) {
  return !changes.empty() &&
         std::all_of(changes.begin(), changes.end(),
                     [kind](const pipeline::Change& change) { return change.kind == kind; });
}

StageState state_of(const pipeline::Stage& stage, const pipeline::StageReport& report,
                    const std::optional<LastRun>& last) {
  if (stage.frozen) {
    return StageState::frozen;
  }
  if (report.outcome == pipeline::Outcome::up_to_date) {
    return StageState::up_to_date;
  }
  if (last.has_value() && last->status != version::RunStatus::ok) {
    return StageState::failed;
  }
  if (report.outcome == pipeline::Outcome::failed) {
    return StageState::cannot_run;
  }
  if (!report.changes.empty() && report.changes.front().kind == pipeline::ChangeKind::never_run) {
    return StageState::never_run;
  }
  if (all_are(report.changes, pipeline::ChangeKind::out_missing)) {
    return StageState::missing_outs;
  }
  return all_are(report.changes, pipeline::ChangeKind::upstream) ? StageState::upstream_changed
                                                                 : StageState::changed;
}

}  // namespace

std::string_view state_name(StageState state) {
  return text_of(state).name;
}

std::string_view state_words(StageState state) {
  return text_of(state).words;
}

Result<LastRuns> LastRuns::open(project::Workspace& workspace) {
  LastRuns runs;
  CAIRN_TRY_ASSIGN(runs.journal_, version::RunJournal::open(workspace.paths().runs()));
  for (const version::RunPlace& place : runs.journal_->all()) {
    runs.last_.insert_or_assign(place.head.stage, place);
  }
  return runs;
}

std::optional<LastRun> LastRuns::find(std::string_view address) const {
  const auto place = last_.find(version::stage_mark(address));
  if (place == last_.end()) {
    return std::nullopt;
  }
  const Result<version::RunRecord> record = journal_->read(place->second);
  if (!record.ok() || record->stage != address) {
    return std::nullopt;
  }
  return LastRun{place->second.head.id.hex(), record->status, record->start_ms};
}

std::size_t StatesReport::count(StageState state) const {
  return static_cast<std::size_t>(std::count_if(
      stages.begin(), stages.end(), [state](const StageStatus& stage) { return stage.state == state; }));
}

Result<StatesReport> stage_states(project::Workspace& workspace, const std::vector<std::string>& targets,
                                  const std::string& folder, Context& context) {
  ReproOptions options;
  options.targets = targets;
  options.folder = folder;
  options.schedule.dry_run = true;
  CAIRN_TRY_ASSIGN(ReproReport repro, ops::repro(workspace, options, context));
  std::optional<LastRuns> runs;
  StatesReport report{std::move(repro.graph), {}};
  for (pipeline::StageReport& stage : repro.stages.stages) {
    StageStatus status;
    const bool settled =
        stage.outcome == pipeline::Outcome::up_to_date || report.graph.stage(stage.stage).frozen;
    if (!settled) {
      if (!runs) {
        CAIRN_TRY_ASSIGN(runs, LastRuns::open(workspace));
      }
      status.last_run = runs->find(report.graph.address(stage.stage));
    }
    status.state = state_of(report.graph.stage(stage.stage), stage, status.last_run);
    status.report = std::move(stage);
    report.stages.push_back(std::move(status));
  }
  return report;
}

}  // namespace cairn::ops
