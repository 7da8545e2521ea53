// SPDX-License-Identifier: Apache-2.0
#include "version/run_compare.h"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/inputs.h"

namespace cairn::version {
namespace {

using pipeline::Change;
using pipeline::ChangeKind;
using pipeline::Inputs;
using pipeline::Stage;
using pipeline::StageLock;

/// The stage that would have had this block. A seed's variables stand among the others.
Stage stage_of(const StageLock& block) {
  Stage stage;
  stage.name = block.name;
  stage.cmd = block.cmd;
  stage.shell = block.shell;
  stage.wdir = block.wdir;
  for (const pipeline::LockedPath& dep : block.deps) {
    stage.deps.push_back({dep.path, {}});
  }
  for (const pipeline::LockedOut& locked : block.outs) {
    pipeline::Out out;
    out.path = locked.path;
    out.cached = locked.cached;
    out.kind = locked.kind;
    stage.outs.push_back(std::move(out));
  }
  for (const pipeline::LockedVariable& variable : block.env) {
    stage.env.emplace(variable.name, variable.value.value_or(""));
  }
  if (block.seed) {
    stage.seed = pipeline::Seed{*block.seed, {}};
  }
  return stage;
}

std::vector<pipeline::FoundPath> found(const std::vector<pipeline::LockedPath>& paths) {
  std::vector<pipeline::FoundPath> out;
  for (const pipeline::LockedPath& path : paths) {
    out.push_back({path.path, path.state, {}});
  }
  return out;
}

Inputs inputs_of(const StageLock& block) {
  Inputs inputs;
  inputs.code = found(block.code);
  inputs.deps = found(block.deps);
  for (const pipeline::LockedParam& param : block.params) {
    inputs.params.push_back({param.file, param.key, param.value});
  }
  for (const pipeline::LockedOut& out : block.outs) {
    inputs.outs.push_back({out.path, out.state, {}});
  }
  inputs.variables = block.track_env;
  inputs.environment = block.environment;
  return inputs;
}

bool is_about_outs(const Change& change) {
  const std::string_view name = pipeline::change_name(change.kind);
  return name.starts_with("out_");
}

std::vector<Change> compare(const StageLock& before, const StageLock& after, bool outs) {
  std::vector<Change> changes = pipeline::explain(stage_of(after), &before, inputs_of(after));
  std::erase_if(changes, [outs](const Change& change) {
    return change.kind == ChangeKind::always || is_about_outs(change) != outs;
  });
  return changes;
}

std::string seconds(std::int64_t us) {
  return fmt::format("{}.{:03} s", us / 1'000'000, us / 1000 % 1000);
}

std::string text_of(const text::Value* value) {
  if (value == nullptr) {
    return "";
  }
  return value->is(text::Kind::string) ? value->string_value() : text::canonical(*value);
}

class Differences {
 public:
  void always(std::string name, std::string before, std::string after) {
    list_.push_back({std::move(name), std::move(before), std::move(after)});
  }
  void differing(std::string name, const std::string& before, const std::string& after) {
    if (before != after) {
      list_.push_back({std::move(name), before, after});
    }
  }
  std::vector<RunDifference> take() { return std::move(list_); }

 private:
  std::vector<RunDifference> list_;
};

std::string commit_text(const RunRecord& record) {
  return record.commit + (record.dirty ? " with changes" : "");
}

void compare_systems(const RunRecord& before, const RunRecord& after, Differences& out) {
  for (const text::Entry& entry : before.system.entries()) {
    out.differing(entry.key, text_of(&entry.value), text_of(after.system.find(entry.key)));
  }
  for (const text::Entry& entry : after.system.entries()) {
    if (before.system.find(entry.key) == nullptr) {
      out.differing(entry.key, "", text_of(&entry.value));
    }
  }
}

void compare_conditions(const Conditions& before, const Conditions& after, Differences& out) {
  auto count = [](unsigned cpus) { return cpus == 0 ? "" : std::to_string(cpus); };
  auto value = [](const Conditions& conditions, const std::string& name) {
    auto found = conditions.variables.find(name);
    return found == conditions.variables.end() ? "" : found->second;
  };
  out.differing("locale", before.locale, after.locale);
  out.differing("time zone", before.time_zone, after.time_zone);
  out.differing("usable cpus", count(before.cpus), count(after.cpus));
  std::map<std::string, std::string> names = before.variables;
  names.insert(after.variables.begin(), after.variables.end());
  for (const auto& [name, unused] : names) {
    out.differing(name, value(before, name), value(after, name));
  }
  out.differing("folder", before.folder, after.folder);
}

}  // namespace

std::string ending_text(const RunRecord& record) {
  if (record.status != RunStatus::failed) {
    return std::string(status_words(record.status));
  }
  if (record.signal != 0) {
    return fmt::format("signal {}", record.signal);
  }
  return record.exit_status != 0 ? fmt::format("exit {}", record.exit_status) : "failed";
}

std::vector<Change> compare_inputs(const StageLock& before, const StageLock& after) {
  return compare(before, after, false);
}

std::vector<Change> compare_outs(const RunRecord& before, const RunRecord& after) {
  const bool both = before.status == RunStatus::ok && after.status == RunStatus::ok;
  return both ? compare(before.block, after.block, true) : std::vector<Change>();
}

std::vector<RunDifference> compare_circumstances(const RunRecord& before, const RunRecord& after) {
  Differences out;
  out.differing("stage", before.stage, after.stage);
  out.differing("status", ending_text(before), ending_text(after));
  out.differing("attempts", std::to_string(before.attempts), std::to_string(after.attempts));
  out.always("start", utc_text(before.start_ms), utc_text(after.start_ms));
  out.always("wall time", seconds(before.usage.wall_us), seconds(after.usage.wall_us));
  out.always("user time", seconds(before.usage.user_us), seconds(after.usage.user_us));
  out.always("system time", seconds(before.usage.system_us), seconds(after.usage.system_us));
  out.always("peak memory", fmt::format("{} B", before.usage.peak_memory),
             fmt::format("{} B", after.usage.peak_memory));
  out.differing("commit", commit_text(before), commit_text(after));
  out.differing("cairn", before.cairn, after.cairn);
  out.differing("host", before.host, after.host);
  out.differing("user", before.user, after.user);
  compare_conditions(before.conditions, after.conditions, out);
  compare_systems(before, after, out);
  return out.take();
}

}  // namespace cairn::version
