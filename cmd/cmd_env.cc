// SPDX-License-Identifier: Apache-2.0
#include "base/escape.h"
#include "commands.h"
#include "exit_status.h"
#include "ops/environments.h"
#include "parser.h"
#include "render.h"
#include "text/yaml_writer.h"

namespace cairn::cmd {
namespace {

using ops::EnvironmentComparison;
using ops::EnvironmentTargets;
using ops::EnvironmentVerdict;

Json to_json(const text::Value& value) {
  switch (value.kind()) {
    case text::Kind::null:
      return nullptr;
    case text::Kind::boolean:
      return value.bool_value();
    case text::Kind::integer:
      return value.int_value();
    case text::Kind::floating:
      return value.float_value();
    case text::Kind::string:
      return value.string_value();
    case text::Kind::list: {
      Json list = Json::array();
      for (const text::Value& item : value.items()) {
        list.push_back(to_json(item));
      }
      return list;
    }
    case text::Kind::map:
      break;
  }
  Json map = Json::object();
  for (const text::Entry& entry : value.entries()) {
    map[entry.key] = to_json(entry.value);
  }
  return map;
}

Result<EnvironmentTargets> targets_of(const std::vector<std::string>& words, Invocation& invocation) {
  EnvironmentTargets targets;
  CAIRN_TRY_ASSIGN(targets.folder, invocation.workspace->to_project_path(".", invocation.folder));
  targets.stages = words;
  return targets;
}

// --- env show ---

void show_one(const ops::StageEnvironment& stage, Invocation& invocation, Outcome& outcome, Json& list) {
  if (stage.error) {
    outcome.errors.push_back(*stage.error);
    return;
  }
  Json item;
  item["stage"] = stage.stage;
  outcome.text += painted(escaped(stage.stage), Color::bold, invocation.color) + "\n";
  if (stage.captured == nullptr) {
    outcome.text += "  declares no environment\n";
    item["record"] = nullptr;
  } else {
    for (const text::Entry& entry : stage.captured->record.entries()) {
      if (entry.key != "cairn") {
        text::Value part = text::Value::map({entry});
        outcome.text += indented(text::write_yaml(part), "  ");
      }
    }
    for (const std::string& unchecked : stage.captured->unchecked) {
      outcome.text += "  not checked: " + escaped(unchecked) + "\n";
    }
    item["record"] = to_json(stage.captured->record);
    item["hash"] = stage.captured->unchecked.empty() ? Json(stage.captured->object.id.text()) : Json(nullptr);
    item["not_checked"] = stage.captured->unchecked;
  }
  list.push_back(std::move(item));
}

Result<Outcome> run_show(const std::vector<std::string>& words, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(EnvironmentTargets targets, targets_of(words, invocation));
  CAIRN_TRY_ASSIGN(auto stages, ops::show_environments(*invocation.workspace, targets, invocation.context));
  Outcome outcome;
  Json list = Json::array();
  for (const ops::StageEnvironment& stage : stages) {
    show_one(stage, invocation, outcome, list);
  }
  if (stages.empty()) {
    outcome.text = "no stage declares an environment\n";
  }
  outcome.json["environments"] = std::move(list);
  return outcome;
}

// --- env check and env diff ---

std::string_view name_of(EnvironmentVerdict verdict) {
  switch (verdict) {
    case EnvironmentVerdict::same:
      return "same";
    case EnvironmentVerdict::differs:
      return "differs";
    case EnvironmentVerdict::unchecked:
      return "not_checked";
    case EnvironmentVerdict::not_recorded:
      return "not_recorded";
  }
  return "";
}

std::string_view words_of(EnvironmentVerdict verdict) {
  switch (verdict) {
    case EnvironmentVerdict::same:
      return "same";
    case EnvironmentVerdict::differs:
      return "differs";
    case EnvironmentVerdict::unchecked:
      return "not checked";
    case EnvironmentVerdict::not_recorded:
      return "no record";
  }
  return "";
}

Json comparison_json(const EnvironmentComparison& one) {
  Json item;
  item["stage"] = one.stage;
  item["verdict"] = name_of(one.verdict);
  Json changes = Json::array();
  for (const version::EnvironmentChange& change : one.changes) {
    changes.push_back({{"kind", change.kind},
                       {"name", change.name},
                       {"before", change.before},
                       {"after", change.after},
                       {"text", change.text}});
  }
  item["changes"] = std::move(changes);
  item["not_checked"] = one.unchecked;
  return item;
}

void add_comparison(const EnvironmentComparison& one, Invocation& invocation, Outcome& outcome) {
  Color color = one.verdict == EnvironmentVerdict::same ? Color::green : Color::yellow;
  outcome.text += painted(words_of(one.verdict), color, invocation.color) +
                  std::string(13 - words_of(one.verdict).size(), ' ') + escaped(one.stage) + "\n";
  for (const version::EnvironmentChange& change : one.changes) {
    outcome.text += std::string(13, ' ') + change.text + "\n";
  }
  if (one.verdict == EnvironmentVerdict::differs && one.changes.empty()) {
    outcome.text += std::string(13, ' ') + "its recorded environment is not in the store here\n";
  }
  for (const std::string& unchecked : one.unchecked) {
    outcome.text += std::string(13, ' ') + "not checked: " + escaped(unchecked) + "\n";
  }
}

Outcome outcome_of(const std::vector<EnvironmentComparison>& comparisons, Invocation& invocation) {
  Outcome outcome;
  Json list = Json::array();
  for (const EnvironmentComparison& one : comparisons) {
    add_comparison(one, invocation, outcome);
    list.push_back(comparison_json(one));
    if (one.error) {
      outcome.errors.push_back(*one.error);
    }
  }
  if (comparisons.empty()) {
    outcome.text = "no stage declares an environment\n";
  }
  outcome.json["environments"] = std::move(list);
  return outcome;
}

Result<Outcome> run_check(const std::vector<std::string>& words, version::Executing executing,
                          Invocation& invocation) {
  CAIRN_TRY_ASSIGN(EnvironmentTargets targets, targets_of(words, invocation));
  CAIRN_TRY_ASSIGN(auto comparisons,
                   ops::check_environments(*invocation.workspace, targets, executing, invocation.context));
  Outcome outcome = outcome_of(comparisons, invocation);
  for (const EnvironmentComparison& one : comparisons) {
    if (one.verdict == EnvironmentVerdict::differs || one.verdict == EnvironmentVerdict::not_recorded) {
      outcome.status = kExitNo;
    } else if (one.verdict == EnvironmentVerdict::unchecked && !one.error) {
      outcome.errors.emplace_back(Code::partial,
                                  "the environment of stage " + quoted(one.stage) + " was not checked whole",
                                  "cairn env check --run-tools");
    }
  }
  return outcome;
}

Result<Outcome> run_diff(const std::vector<std::string>& words, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(EnvironmentTargets targets, targets_of(words, invocation));
  CAIRN_TRY_ASSIGN(auto comparisons,
                   ops::diff_environments(*invocation.workspace, targets, invocation.context));
  return outcome_of(comparisons, invocation);
}

}  // namespace

Command env_show_command() {
  return {"env show",
          "Pipelines",
          "Show what stages run in",
          "cairn env show train",
          Needs::project,
          [](Parser& app) -> Runner {
            auto stages = std::make_shared<std::vector<std::string>>();
            app.add_option("stages", *stages, "Stages (default: all that declare an environment)");
            return [stages](Invocation& invocation) { return run_show(*stages, invocation); };
          }};
}

Command env_check_command() {
  return {"env check",
          "Pipelines",
          "Compare what stages run in with the lock",
          "cairn env check --run-tools",
          Needs::project,
          [](Parser& app) -> Runner {
            auto stages = std::make_shared<std::vector<std::string>>();
            auto run_tools = std::make_shared<bool>(false);
            app.add_option("stages", *stages, "Stages (default: all that declare an environment)");
            app.add_flag("--run-tools", *run_tools,
                         "Run the commands under tools:, which are not run otherwise");
            return [stages, run_tools](Invocation& invocation) {
              return run_check(*stages, *run_tools ? version::Executing::yes : version::Executing::no,
                               invocation);
            };
          }};
}

Command env_diff_command() {
  return {"env diff",
          "Pipelines",
          "Say what differs between environments",
          "cairn env diff HEAD~1\n  cairn env diff prepare train",
          Needs::project,
          [](Parser& app) -> Runner {
            auto words = std::make_shared<std::vector<std::string>>();
            app.add_option("words", *words, "Revisions or stages (default: HEAD's lock against now)")
                .expected(0, 2)
                .type_name("A B");
            return [words](Invocation& invocation) { return run_diff(*words, invocation); };
          }};
}

}  // namespace cairn::cmd
