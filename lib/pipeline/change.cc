// SPDX-License-Identifier: Apache-2.0
#include "pipeline/change.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/escape.h"

namespace cairn::pipeline {
namespace {

std::string state_text(const PathState& state) {
  return state.object.id.text() + (state.executable ? " (executable)" : "");
}

/// What the stage key sees of a path.
bool same_content(const PathState& a, const PathState& b) {
  return a.object.family == b.object.family && a.object.id == b.object.id && a.executable == b.executable;
}

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

Change path_change(ChangeKind kind, const std::string& name, const PathState* was, const PathState* now) {
  Change change;
  change.kind = kind;
  change.name = name;
  if (was != nullptr) {
    change.before = state_text(*was);
    change.was = *was;
  }
  if (now != nullptr) {
    change.after = state_text(*now);
    change.now = *now;
  }
  return change;
}

Change text_change(ChangeKind kind, std::string name, std::string before, std::string after) {
  Change change;
  change.kind = kind;
  change.name = std::move(name);
  change.before = std::move(before);
  change.after = std::move(after);
  return change;
}

/// Two sides of one name; null pointer where a side lacks it.
template <class Was, class Now>
struct Pair {
  const Was* was = nullptr;
  const Now* now = nullptr;
};

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

/// `found` is null, or has no state, where nothing is.
void explain_out(const std::string& path, const Pair<LockedOut, Out>& pair, const FoundPath* found,
                 std::vector<Change>& changes) {
  const PathState* now = found != nullptr && found->state.has_value() ? &*found->state : nullptr;
  const PathState* was = pair.was != nullptr && pair.was->state.has_value() ? &*pair.was->state : nullptr;
  if (pair.now == nullptr) {
    changes.push_back(path_change(ChangeKind::out_removed, path, was, nullptr));
    return;
  }
  if (was == nullptr) {
    changes.push_back(path_change(ChangeKind::out_added, path, nullptr, now));
    return;
  }
  if (pair.was->cached != pair.now->cached) {
    const auto caching = [](bool cached) { return cached ? "cache: true" : "cache: false"; };
    changes.push_back(
        text_change(ChangeKind::out_caching, path, caching(pair.was->cached), caching(pair.now->cached)));
  }
  if (now == nullptr) {
    changes.push_back(path_change(ChangeKind::out_missing, path, was, nullptr));
  } else if (!same_content(*was, *now)) {
    changes.push_back(path_change(ChangeKind::out_modified, path, was, now));
  }
}

void explain_outs(const Stage& stage, const StageLock& block, const Inputs& inputs,
                  std::vector<Change>& changes) {
  for (const auto& [name, pair] : pair_up(block.outs, stage.outs, kPathOf)) {
    const std::string_view path = name;
    const auto found = std::find_if(inputs.outs.begin(), inputs.outs.end(),
                                    [path](const FoundPath& out) { return out.path == path; });
    explain_out(std::string(path), pair, found == inputs.outs.end() ? nullptr : &*found, changes);
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

/// "b3:0123456789ab" of a whole id.
std::string shortened(std::string_view text) {
  constexpr std::size_t kShown = 15;
  return text.starts_with("b3:") && text.size() > kShown
             ? fmt::format("{}{}", text.substr(0, kShown), text.size() > 67 ? text.substr(67) : "")
             : escaped(text);
}

struct KindText {
  ChangeKind kind;
  std::string_view name;  ///< in JSON
  std::string_view text;  ///< {} is the subject
};
constexpr KindText kKinds[] = {
    {ChangeKind::never_run, "never_run", "it never ran"},
    {ChangeKind::always, "always", "it runs every time"},
    {ChangeKind::forced, "forced", "it is forced to run"},
    {ChangeKind::upstream, "upstream", "stage {} would run before it"},
    {ChangeKind::cmd, "cmd", "command changed"},
    {ChangeKind::shell, "shell", "shell changed"},
    {ChangeKind::wdir, "wdir", "wdir changed"},
    {ChangeKind::code_added, "code_added", "code {} is new"},
    {ChangeKind::code_removed, "code_removed", "code {} is gone"},
    {ChangeKind::code_modified, "code_modified", "code {} changed"},
    {ChangeKind::dep_added, "dep_added", "dep {} is new"},
    {ChangeKind::dep_removed, "dep_removed", "dep {} was removed from the stage"},
    {ChangeKind::dep_modified, "dep_modified", "dep {} changed"},
    {ChangeKind::dep_missing, "dep_missing", "dep {} is missing"},
    {ChangeKind::param_added, "param_added", "param {} is new"},
    {ChangeKind::param_removed, "param_removed", "param {} was removed"},
    {ChangeKind::param_modified, "param_modified", "param {} changed"},
    {ChangeKind::param_missing, "param_missing", "param {} is missing"},
    {ChangeKind::out_added, "out_added", "out {} is new"},
    {ChangeKind::out_removed, "out_removed", "out {} was removed from the stage"},
    {ChangeKind::out_caching, "out_caching", "caching of out {} changed"},
    {ChangeKind::out_modified, "out_modified", "out {} was modified"},
    {ChangeKind::out_missing, "out_missing", "out {} is missing"},
};

const KindText& text_of(ChangeKind kind) {
  const KindText& row = kKinds[static_cast<std::size_t>(kind)];
  CAIRN_CHECK(row.kind == kind);
  return row;
}

}  // namespace

std::string_view change_name(ChangeKind kind) {
  return text_of(kind).name;
}

std::string describe(const Change& change) {
  std::string line(text_of(change.kind).text);
  if (const std::size_t subject = line.find("{}"); subject != std::string::npos) {
    line.replace(subject, 2, quoted(change.name));
  }
  if (!change.before.empty() && !change.after.empty()) {
    return fmt::format("{}: {} -> {}", line, shortened(change.before), shortened(change.after));
  }
  const std::string& value = change.before.empty() ? change.after : change.before;
  return value.empty() ? line
                       : fmt::format("{} ({}{})", line, change.after.empty() ? "was " : "", shortened(value));
}

std::vector<Change> explain(const Stage& stage, const StageLock* block, const Inputs& inputs) {
  std::vector<Change> changes;
  if (block == nullptr) {
    changes.push_back(text_change(ChangeKind::never_run, "", "", ""));
    return changes;
  }
  if (!stage.frozen) {
    explain_own(stage, *block, changes);
    explain_paths(block->code, inputs.code, kCode, changes);
    explain_paths(block->deps, inputs.deps, kDep, changes);
    explain_params(block->params, inputs.params, changes);
  }
  explain_outs(stage, *block, inputs, changes);
  return changes;
}

}  // namespace cairn::pipeline
