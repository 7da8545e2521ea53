// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "ops/pipelines.h"
#include "ops/runs.h"
#include "parser.h"
#include "render.h"
#include "stage_report.h"

namespace cairn::cmd {
namespace {

constexpr std::size_t kDefaultLimit = 20;
constexpr std::size_t kShownReasons = 2;
constexpr double kMicro = 1e6;

std::string short_id(const store::Id& id) {
  return id.hex().substr(0, version::kShortRunId);
}

std::string time_text(std::int64_t us) {
  return human_time(static_cast<double>(us) / kMicro);
}

Json usage_json(const version::RunUsage& usage) {
  return {{"wall_us", usage.wall_us},       {"user_us", usage.user_us},
          {"system_us", usage.system_us},   {"peak_memory", usage.peak_memory},
          {"read_bytes", usage.read_bytes}, {"written_bytes", usage.written_bytes}};
}

Json changes_json(const std::vector<pipeline::Change>& changes) {
  Json list = Json::array();
  for (const pipeline::Change& change : changes) {
    list.push_back(change_json(change));
  }
  return list;
}

Json summary_json(const ops::KnownRun& run) {
  const version::RunRecord& record = run.record;
  Json json = {{"id", run.id.hex()},
               {"stage", record.stage},
               {"status", version::status_name(record.status)},
               {"exit", record.exit_status}};
  if (record.signal != 0) {
    json["signal"] = record.signal;
  }
  json["attempts"] = record.attempts;
  json["start"] = version::utc_text(record.start_ms);
  json["usage"] = usage_json(record.usage);
  json["first"] = run.first;
  json["why"] = changes_json(run.why);
  return json;
}

/// "first run", "command, param 'params.yaml:lr' changed", "same inputs".
std::string hint(const ops::KnownRun& run) {
  if (run.first) {
    return "first run";
  }
  if (run.why.empty()) {
    return "same inputs";
  }
  std::string text;
  for (std::size_t i = 0; i < std::min(run.why.size(), kShownReasons); ++i) {
    const pipeline::Change& change = run.why[i];
    const std::string name(pipeline::change_name(change.kind));
    std::string word = name.substr(0, name.rfind('_'));
    text += (text.empty() ? "" : ", ") + (change.name.empty() ? word : word + " " + escaped(change.name));
  }
  if (run.why.size() > kShownReasons) {
    text += fmt::format(" and {} more", run.why.size() - kShownReasons);
  }
  return text;
}

struct ListOptions {
  std::vector<std::string> targets;
  std::size_t limit = kDefaultLimit;
  bool failed = false;
};

/// Stages that are there now, by the words that repro takes; any other word is a stage of the past.
Result<std::vector<std::string>> stage_addresses(const std::vector<std::string>& targets,
                                                 Invocation& invocation) {
  std::vector<std::string> stages;
  if (targets.empty()) {
    return stages;
  }
  CAIRN_TRY_ASSIGN(const std::string folder, invocation.workspace->to_project_path(".", invocation.folder));
  auto graph = ops::load_graph(*invocation.workspace);
  for (const std::string& target : targets) {
    auto found = graph.ok() ? pipeline::resolve_target(*graph, target, folder)
                            : Result<std::vector<pipeline::StageIndex>>(graph.error());
    if (!found.ok()) {
      stages.push_back(target);
      continue;
    }
    for (const pipeline::StageIndex index : *found) {
      stages.push_back(graph->address(index));
    }
  }
  return stages;
}

Result<Outcome> run_list(const ListOptions& options, Invocation& invocation) {
  ops::RunFilter filter;
  CAIRN_TRY_ASSIGN(filter.stages, stage_addresses(options.targets, invocation));
  filter.failed = options.failed;
  filter.limit = options.limit;
  CAIRN_TRY_ASSIGN(const auto runs, ops::list_runs(*invocation.workspace, filter, invocation.context));
  Outcome outcome;
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows = {
      {"RUN", "STAGE", "STATUS", "START (UTC)", "TIME", "MEMORY", "WHY"}};
  for (const ops::KnownRun& run : runs) {
    const version::RunRecord& record = run.record;
    std::string when = version::utc_text(record.start_ms).substr(0, 19);
    when[10] = ' ';
    rows.push_back({short_id(run.id), escaped(record.stage), version::ending_text(record), when,
                    time_text(record.usage.wall_us), human_size(record.usage.peak_memory), hint(run)});
    list.push_back(summary_json(run));
  }
  outcome.text = runs.empty() ? "no run is remembered\n" : table(rows);
  outcome.json["runs"] = std::move(list);
  return outcome;
}

// --- log show ---

void add_row(std::vector<std::vector<std::string>>& rows, std::string name, std::string value) {
  rows.push_back({std::move(name), std::move(value)});
}

std::string path_line(const std::string& path, const std::optional<pipeline::PathState>& state) {
  if (!state) {
    return fmt::format("  {}  (not made)\n", escaped(path));
  }
  return fmt::format("  {}  {}  {}{}\n", escaped(path), state->object.id.text(),
                     human_size(state->object.size),
                     state->is_tree() ? ", " + counted(state->files, "file") : "");
}

template <class Paths>
std::string path_lines(std::string_view heading, const Paths& paths) {
  std::string text;
  for (const auto& path : paths) {
    text += path_line(path.path, path.state);
  }
  return text.empty() ? "" : std::string(heading) + ":\n" + text;
}

std::string variable_lines(std::string_view heading, const std::vector<pipeline::LockedVariable>& list) {
  std::string text;
  for (const pipeline::LockedVariable& variable : list) {
    text += fmt::format("  {}{}\n", escaped(variable.name),
                        variable.value ? "=" + escaped(*variable.value) : " (not set)");
  }
  return text.empty() ? "" : std::string(heading) + ":\n" + text;
}

std::string block_text(const pipeline::StageLock& block) {
  std::string text = "command:\n" + indented(escaped(block.cmd).empty() ? "" : block.cmd + "\n", "  ");
  text += path_lines("code", block.code) + path_lines("deps", block.deps);
  std::string params;
  for (const pipeline::LockedParam& param : block.params) {
    params += fmt::format("  {}:{} = {}\n", escaped(param.file), escaped(param.key),
                          escaped(text::canonical(param.value)));
  }
  text += params.empty() ? "" : "params:\n" + params;
  text += variable_lines("env", block.env) + variable_lines("tracked variables", block.track_env);
  return text + path_lines("outs", block.outs);
}

std::string show_text(const ops::KnownRun& run) {
  const version::RunRecord& record = run.record;
  std::vector<std::vector<std::string>> rows;
  add_row(rows, "run", run.id.hex());
  add_row(rows, "stage", escaped(record.stage));
  add_row(rows, "status", version::ending_text(record));
  if (!record.failure.empty()) {
    add_row(rows, "failure", escaped(record.failure));
  }
  add_row(rows, "attempts", std::to_string(record.attempts));
  add_row(rows, "start", version::utc_text(record.start_ms));
  add_row(rows, "time",
          fmt::format("{} ({} user, {} system)", time_text(record.usage.wall_us),
                      time_text(record.usage.user_us), time_text(record.usage.system_us)));
  add_row(rows, "peak memory", human_size(record.usage.peak_memory));
  add_row(rows, "read, written",
          human_size(record.usage.read_bytes) + ", " + human_size(record.usage.written_bytes));
  add_row(rows, "key", record.key.text());
  add_row(rows, "commit",
          record.commit.empty() ? "none" : record.commit + (record.dirty ? " with changes" : ""));
  add_row(rows, "cairn", record.cairn);
  if (!record.host.empty()) {
    add_row(rows, "host, user", escaped(record.host) + ", " + escaped(record.user));
  }
  if (record.block.seed) {
    add_row(rows, "seed", std::to_string(*record.block.seed));
  }
  if (record.block.environment) {
    add_row(rows, "environment", record.block.environment->id.text());
  }
  add_row(rows, "output",
          record.log ? fmt::format("{} (cairn log show {} --output)", human_size(record.log->bytes),
                                   short_id(run.id))
                     : "none");
  std::string text = table(rows) + block_text(record.block);
  std::string system;
  for (const text::Entry& entry : record.system.entries()) {
    system += fmt::format("  {}: {}\n", escaped(entry.key),
                          escaped(entry.value.is(text::Kind::string) ? entry.value.string_value()
                                                                     : text::canonical(entry.value)));
  }
  return text + (system.empty() ? "" : "system:\n" + system);
}

Json path_json(const std::string& path, const std::optional<pipeline::PathState>& state) {
  Json json = Json::object();
  put_path(json, "path", path);
  if (state) {
    json["type"] = state->is_tree() ? "tree" : "file";
    json["hash"] = state->object.id.text();
    json["size"] = state->object.size;
  }
  return json;
}

template <class Paths>
Json paths_json(const Paths& paths) {
  Json list = Json::array();
  for (const auto& path : paths) {
    list.push_back(path_json(path.path, path.state));
  }
  return list;
}

Json value_json(const text::Value& value) {
  return Json::parse(text::canonical(value), nullptr, false);
}

Json variables_json(const std::vector<pipeline::LockedVariable>& variables) {
  Json json = Json::object();
  for (const pipeline::LockedVariable& variable : variables) {
    json[variable.name] = variable.value ? Json(*variable.value) : Json();
  }
  return json;
}

Json show_json(const ops::KnownRun& run) {
  const version::RunRecord& record = run.record;
  Json json = summary_json(run);
  json["failure"] = record.failure;
  json["key"] = record.key.text();
  json["commit"] = record.commit;
  json["dirty"] = record.dirty;
  json["cairn_version"] = record.cairn;
  json["host"] = record.host;
  json["user"] = record.user;
  json["system"] = value_json(record.system);
  json["cmd"] = record.block.cmd;
  json["code"] = paths_json(record.block.code);
  json["deps"] = paths_json(record.block.deps);
  Json params = Json::object();
  for (const pipeline::LockedParam& param : record.block.params) {
    params[param.file][param.key] = value_json(param.value);
  }
  json["params"] = std::move(params);
  json["env"] = variables_json(record.block.env);
  json["track_env"] = variables_json(record.block.track_env);
  json["seed"] = record.block.seed ? Json(*record.block.seed) : Json();
  json["environment"] = record.block.environment ? Json(record.block.environment->id.text()) : Json();
  json["outs"] = paths_json(record.block.outs);
  json["log"] = record.log ? Json{{"hash", record.log->object.id.text()},
                                  {"size", record.log->object.size},
                                  {"printed", record.log->bytes}}
                           : Json();
  return json;
}

Result<Outcome> run_show(const std::string& digits, bool output, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(const ops::KnownRun run, ops::find_run(*invocation.workspace, digits));
  Outcome outcome;
  outcome.json["run"] = show_json(run);
  if (!output) {
    outcome.text = show_text(run);
    return outcome;
  }
  CAIRN_TRY_ASSIGN(outcome.text, ops::read_output(*invocation.workspace, run.record));
  outcome.json["output"] = is_utf8(outcome.text) ? outcome.text : escaped(outcome.text);
  return outcome;
}

// --- log compare ---

std::string change_lines(const std::vector<pipeline::Change>& changes) {
  std::string text;
  for (const pipeline::Change& change : changes) {
    text += "  " + pipeline::describe(change) + "\n";
    for (const std::string& line : change.inside) {
      text += "    " + line + "\n";
    }
  }
  return text;
}

std::string verdict(const ops::RunComparison& comparison) {
  if (!comparison.same_key) {
    return "";
  }
  return comparison.outs.empty()
             ? "both runs had the same inputs and made the same outputs\n"
             : "both runs had the same inputs and made different outputs: the stage is not deterministic\n";
}

Result<Outcome> run_compare(const std::string& before, const std::string& after, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(const ops::RunComparison comparison,
                   ops::compare_runs(*invocation.workspace, before, after));
  Outcome outcome;
  const std::string inputs = change_lines(comparison.inputs);
  const std::string outs = change_lines(comparison.outs);
  outcome.text += inputs.empty() ? "" : "inputs:\n" + inputs;
  outcome.text += outs.empty() ? "" : "outputs:\n" + outs;
  std::vector<std::vector<std::string>> rows = {
      {"", short_id(comparison.before.id), short_id(comparison.after.id)}};
  Json circumstances = Json::array();
  for (const version::RunDifference& one : comparison.circumstances) {
    rows.push_back({one.name, escaped(one.before), escaped(one.after)});
    circumstances.push_back({{"name", one.name}, {"before", one.before}, {"after", one.after}});
  }
  outcome.text += table(rows) + verdict(comparison);
  outcome.json["before"] = show_json(comparison.before);
  outcome.json["after"] = show_json(comparison.after);
  outcome.json["same_inputs"] = comparison.same_key;
  outcome.json["inputs"] = changes_json(comparison.inputs);
  outcome.json["outs"] = changes_json(comparison.outs);
  outcome.json["circumstances"] = std::move(circumstances);
  return outcome;
}

}  // namespace

Command log_command() {
  return {"log",
          "Pipelines",
          "List past runs of stages",
          "cairn log\n  cairn log train -n 5 --failed",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<ListOptions>();
            app.add_option("stages", options->targets, "Stages, also ones of the past (default: all)");
            app.add_option("-n,--limit", options->limit, "Runs to list, 0 for all (default: 20)");
            app.add_flag("--failed", options->failed, "Only runs that did not end well");
            return [options](Invocation& invocation) { return run_list(*options, invocation); };
          }};
}

Command log_show_command() {
  return {"log show",
          "Pipelines",
          "Show one run",
          "cairn log show 3f2a\n  cairn log show 3f2a --output",
          Needs::project,
          [](Parser& app) -> Runner {
            struct Options {
              std::string run;
              bool output = false;
            };
            auto options = std::make_shared<Options>();
            app.add_option("run", options->run, "First digits of the run's id").required();
            app.add_flag("--output", options->output, "Print what the command printed");
            return [options](Invocation& invocation) {
              return run_show(options->run, options->output, invocation);
            };
          }};
}

Command log_compare_command() {
  return {"log compare",
          "Pipelines",
          "Say what differs between two runs",
          "cairn log compare 3f2a 91c0",
          Needs::project,
          [](Parser& app) -> Runner {
            auto runs = std::make_shared<std::pair<std::string, std::string>>();
            app.add_option("before", runs->first, "First digits of a run's id").required();
            app.add_option("after", runs->second, "First digits of another's").required();
            return
                [runs](Invocation& invocation) { return run_compare(runs->first, runs->second, invocation); };
          }};
}

}  // namespace cairn::cmd
