// SPDX-License-Identifier: Apache-2.0
#include "pipeline/change.h"

#include <fmt/format.h>

#include <map>

#include "pipeline/change_parts.h"
namespace cairn::pipeline {
namespace {

/// The kinds of one sort of input.
struct PathKinds {
  ChangeKind added;
  ChangeKind removed;
  ChangeKind modified;
  ChangeKind missing;
};
constexpr PathKinds kCode{ChangeKind::code_added, ChangeKind::code_removed, ChangeKind::code_modified,
                          ChangeKind::code_removed};
constexpr PathKinds kDep{ChangeKind::dep_added, ChangeKind::dep_removed, ChangeKind::dep_modified,
                         ChangeKind::dep_missing};

/// All names of both sides, sorted.
template <class Was, class Now, class NameOf>
auto pair_up(const std::vector<Was>& was, const std::vector<Now>& now, NameOf name_of) {
  std::map<decltype(name_of(now.front())), Pair<Was, Now>> pairs;
  for (const Was& item : was) {
    pairs[name_of(item)].was = &item;
  }
  for (const Now& item : now) {
    pairs[name_of(item)].now = &item;
  }
  return pairs;
}

constexpr auto kPathOf = [](const auto& item) { return std::string_view(item.path); };
constexpr auto kParamOf = [](const auto& item) {
  return std::pair<std::string_view, std::string_view>(item.file, item.key);
};

void explain_paths(const std::vector<LockedPath>& was, const std::vector<FoundPath>& now,
                   const PathKinds& kinds, std::vector<Change>& changes) {
  for (const auto& [name, pair] : pair_up(was, now, kPathOf)) {
    const PathState* before = pair.was == nullptr ? nullptr : &pair.was->state;
    const PathState* after = pair.now != nullptr && pair.now->state.has_value() ? &*pair.now->state : nullptr;
    const std::string path(name);
    if (pair.now == nullptr) {
      changes.push_back(path_change(kinds.removed, path, before, nullptr));
    } else if (after == nullptr) {
      changes.push_back(path_change(kinds.missing, path, before, nullptr));
    } else if (before == nullptr) {
      changes.push_back(path_change(kinds.added, path, nullptr, after));
    } else if (!same_content(*before, *after)) {
      changes.push_back(path_change(kinds.modified, path, before, after));
    }
  }
}

void explain_params(const std::vector<LockedParam>& was, const std::vector<FoundParam>& now,
                    std::vector<Change>& changes) {
  for (const auto& [name, pair] : pair_up(was, now, kParamOf)) {
    std::string text =
        name.second.empty() ? std::string(name.first) : fmt::format("{}:{}", name.first, name.second);
    std::string before = pair.was == nullptr ? "" : text::canonical(pair.was->value);
    const bool here = pair.now != nullptr && pair.now->value.has_value();
    std::string after = here ? text::canonical(*pair.now->value) : "";
    if (pair.now == nullptr) {
      changes.push_back(text_change(ChangeKind::param_removed, std::move(text), std::move(before), ""));
    } else if (!here) {
      changes.push_back(text_change(ChangeKind::param_missing, std::move(text), std::move(before), ""));
    } else if (pair.was == nullptr) {
      changes.push_back(text_change(ChangeKind::param_added, std::move(text), "", std::move(after)));
    } else if (before != after) {
      changes.push_back(
          text_change(ChangeKind::param_modified, std::move(text), std::move(before), std::move(after)));
    }
  }
}

std::string value_text(const LockedVariable* variable) {
  if (variable == nullptr) {
    return "";
  }
  return variable->value.has_value() ? text::canonical(text::Value::string(*variable->value)) : "unset";
}

struct VariableKinds {
  ChangeKind added;
  ChangeKind removed;
  ChangeKind modified;
};
constexpr VariableKinds kEnv{ChangeKind::env_added, ChangeKind::env_removed, ChangeKind::env_modified};
constexpr VariableKinds kTrackEnv{ChangeKind::track_env_added, ChangeKind::track_env_removed,
                                  ChangeKind::track_env_modified};

void explain_variables(const std::vector<LockedVariable>& was, const std::vector<LockedVariable>& now,
                       const VariableKinds& kinds, std::vector<Change>& changes) {
  const auto name_of = [](const LockedVariable& variable) { return std::string_view(variable.name); };
  for (const auto& [name, pair] : pair_up(was, now, name_of)) {
    if (pair.was != nullptr && pair.now != nullptr && *pair.was == *pair.now) {
      continue;
    }
    const ChangeKind kind = pair.was == nullptr   ? kinds.added
                            : pair.now == nullptr ? kinds.removed
                                                  : kinds.modified;
    changes.push_back(text_change(kind, std::string(name), value_text(pair.was), value_text(pair.now)));
  }
}

/// Without the variables that only carry the seed: their change is the seed's.
std::vector<LockedVariable> without_seed(std::vector<LockedVariable> variables,
                                         std::optional<std::int64_t> seed) {
  if (seed.has_value()) {
    std::erase_if(variables, [text = std::to_string(*seed)](const LockedVariable& variable) {
      return variable.value == text || variable.name == "PYTHONHASHSEED";
    });
  }
  return variables;
}

std::string seed_text(std::optional<std::int64_t> seed) {
  return seed.has_value() ? std::to_string(*seed) : "";
}

std::string id_text(const std::optional<store::Object>& record) {
  return record.has_value() ? record->id.text() : "";
}

void explain_surroundings(const Stage& stage, const StageLock& block, const Inputs& inputs,
                          std::vector<Change>& changes) {
  const std::optional<std::int64_t> seed =
      stage.seed.has_value() ? std::optional(stage.seed->value) : std::nullopt;
  const std::vector<LockedVariable> env = command_variables(stage);
  if (seed != block.seed) {
    changes.push_back(text_change(ChangeKind::seed, "", seed_text(block.seed), seed_text(seed)));
    explain_variables(without_seed(block.env, block.seed), without_seed(env, seed), kEnv, changes);
  } else {
    explain_variables(block.env, env, kEnv, changes);
  }
  explain_variables(block.track_env, inputs.variables, kTrackEnv, changes);
  if (id_text(block.environment) != id_text(inputs.environment)) {
    changes.push_back(
        text_change(ChangeKind::environment, "", id_text(block.environment), id_text(inputs.environment)));
  }
}

void explain_own(const Stage& stage, const StageLock& block, std::vector<Change>& changes) {
  if (stage.runs_always()) {
    changes.push_back(text_change(ChangeKind::always, "", "", ""));
  }
  if (stage.cmd != block.cmd) {
    changes.push_back(text_change(ChangeKind::cmd, "", block.cmd, stage.cmd));
  }
  if (stage.shell != block.shell) {
    changes.push_back(text_change(ChangeKind::shell, "", block.shell, stage.shell));
  }
  if (stage.wdir != block.wdir) {
    const auto shown = [](const std::string& wdir) { return wdir.empty() ? "." : wdir; };
    changes.push_back(text_change(ChangeKind::wdir, "", shown(block.wdir), shown(stage.wdir)));
  }
}

}  // namespace

std::vector<Change> explain(const Stage& stage, const StageLock* block, const Inputs& inputs) {
  std::vector<Change> changes;
  if (block == nullptr) {
    changes.push_back(text_change(ChangeKind::never_run, "", "", ""));
    return changes;
  }
  if (!stage.frozen) {
    explain_own(stage, *block, changes);
    explain_surroundings(stage, *block, inputs, changes);
    explain_paths(block->code, inputs.code, kCode, changes);
    explain_paths(block->deps, inputs.deps, kDep, changes);
    explain_params(block->params, inputs.params, changes);
  }
  explain_outs(stage, *block, inputs, changes);
  return changes;
}

}  // namespace cairn::pipeline
