// SPDX-License-Identifier: Apache-2.0
#include "pipeline_status.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "stage_report.h"

namespace cairn::cmd {
namespace {

using ops::StageState;
using pipeline::ChangeKind;

/// DVC's word for what became of a path; empty for other changes.
std::string_view dvc_word(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::dep_added:
    case ChangeKind::code_added:
    case ChangeKind::param_added:
    case ChangeKind::out_added:
    case ChangeKind::out_extra:
      return "new";
    case ChangeKind::dep_modified:
    case ChangeKind::code_modified:
    case ChangeKind::param_modified:
    case ChangeKind::out_modified:
      return "modified";
    case ChangeKind::dep_removed:
    case ChangeKind::dep_missing:
    case ChangeKind::code_removed:
    case ChangeKind::param_removed:
    case ChangeKind::param_missing:
    case ChangeKind::out_removed:
    case ChangeKind::out_missing:
      return "deleted";
    default:
      return "";
  }
}

bool is_out(ChangeKind kind) {
  return kind == ChangeKind::out_added || kind == ChangeKind::out_removed ||
         kind == ChangeKind::out_modified || kind == ChangeKind::out_missing || kind == ChangeKind::out_extra;
}

/// The changes as `dvc status --json` lists them: [{"changed deps": {path: word}}, "changed command", …].
Json dvc_json(const std::vector<pipeline::Change>& changes) {
  Json deps = Json::object();
  Json outs = Json::object();
  Json words = Json::array();
  for (const pipeline::Change& change : changes) {
    if (const std::string_view word = dvc_word(change.kind); !word.empty()) {
      (is_out(change.kind) ? outs : deps)[escaped(change.name)] = word;
    } else if (change.kind == ChangeKind::cmd) {
      words.push_back("changed command");
    } else if (change.kind == ChangeKind::always) {
      words.push_back("always changed");
    }
  }
  Json list = Json::array();
  if (!deps.empty()) {
    list.push_back(Json::object({{"changed deps", std::move(deps)}}));
  }
  if (!outs.empty()) {
    list.push_back(Json::object({{"changed outs", std::move(outs)}}));
  }
  list.insert(list.end(), words.begin(), words.end());
  return list;
}

Json status_json(const ops::StatesReport& report, const ops::StageStatus& status) {
  const pipeline::Stage& stage = report.graph.stage(status.report.stage);
  Json json = stage_json(report.graph.address(status.report.stage), status.report);
  json["state"] = ops::state_name(status.state);
  json["status"] = dvc_json(status.report.changes);
  json["frozen"] = stage.frozen;
  json["always_changed"] = stage.runs_always();
  return json;
}

/// The first reason for a stage's state, and how many more there are.
std::string first_reason(const ops::StageStatus& status) {
  const std::vector<pipeline::Change>& changes = status.report.changes;
  if (status.report.error.has_value()) {
    return ": " + status.report.error->message();
  }
  if (status.state == StageState::failed) {
    return ": " + run_words(*status.last_run);
  }
  if (changes.empty()) {
    return "";
  }
  const pipeline::Change& first = changes.front();
  const std::string more = changes.size() > 1 ? fmt::format(" (and {} more)", changes.size() - 1) : "";
  return ": " + (first.kind == ChangeKind::cmd ? "command changed" : pipeline::describe(first)) + more;
}

/// "  changed            train: param 'params.yaml:lr' changed: 1 -> 2 (and 1 more)".
std::string status_line(const ops::StatesReport& report, const ops::StageStatus& status, bool color) {
  const pipeline::Stage& stage = report.graph.stage(status.report.stage);
  const std::string words = fmt::format("{:<18}", ops::state_words(status.state));
  return fmt::format("  {} {}{}{}\n", painted(words, state_color(status.state), color),
                     escaped(stage.address()), stage.runs_always() ? " (always runs)" : "",
                     first_reason(status));
}

/// Every state, in the order of counts.
constexpr StageState kStates[] = {
    StageState::up_to_date,   StageState::changed, StageState::upstream_changed, StageState::never_run,
    StageState::missing_outs, StageState::failed,  StageState::cannot_run,       StageState::frozen};

}  // namespace

std::string shown_time(std::int64_t ms) {
  std::string text = version::utc_text(ms);
  text[text.find('T')] = ' ';
  return text.substr(0, text.find('.')) + " UTC";
}

std::string short_id(const ops::LastRun& run) {
  return run.id.substr(0, version::kShortRunId);
}

std::string run_words(const ops::LastRun& run) {
  const std::string_view words = version::status_words(run.status);
  const std::string_view verb = run.status == version::RunStatus::interrupted ? "was " : "";
  return fmt::format("run {} {}{} at {}", short_id(run), verb, words, shown_time(run.start_ms));
}

Color state_color(StageState state) {
  switch (state) {
    case StageState::up_to_date:
      return Color::green;
    case StageState::frozen:
      return Color::cyan;
    case StageState::failed:
    case StageState::cannot_run:
      return Color::red;
    default:
      return Color::yellow;
  }
}

void add_pipeline_section(const Invocation& invocation, const ops::StatesReport& report, Outcome& outcome) {
  std::string lines;
  Json list = Json::array();
  bool worth_telling = false;
  for (const ops::StageStatus& status : report.stages) {
    const bool up_to_date = status.report.outcome == pipeline::Outcome::up_to_date;
    worth_telling = worth_telling || !up_to_date;
    if (!up_to_date || status.state == StageState::frozen) {
      lines += status_line(report, status, invocation.color);
      list.push_back(status_json(report, status));
    }
  }
  std::string counts;
  Json counts_json = Json::object();
  for (const StageState state : kStates) {
    const std::size_t count = report.count(state);
    counts_json[std::string(ops::state_name(state))] = count;
    if (count > 0) {
      counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, ops::state_words(state));
    }
  }
  outcome.json["pipeline"] = std::move(list);
  outcome.json["pipeline_counts"] = std::move(counts_json);
  if (worth_telling) {
    outcome.text += fmt::format("pipeline: {}\n{}", counts, lines);
  }
}

}  // namespace cairn::cmd
