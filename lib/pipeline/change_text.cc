// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "pipeline/change_parts.h"

namespace cairn::pipeline {
namespace {

std::string state_text(const PathState& state) {
  return state.object.id.text() + (state.executable ? " (executable)" : "");
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
    {ChangeKind::seed, "seed", "seed changed"},
    {ChangeKind::env_added, "env_added", "variable {} is new"},
    {ChangeKind::env_removed, "env_removed", "variable {} was removed from the stage"},
    {ChangeKind::env_modified, "env_modified", "variable {} changed"},
    {ChangeKind::track_env_added, "track_env_added", "tracked variable {} is new"},
    {ChangeKind::track_env_removed, "track_env_removed", "tracked variable {} was removed from the stage"},
    {ChangeKind::track_env_modified, "track_env_modified", "tracked variable {} changed"},
    {ChangeKind::environment, "environment", "environment changed"},
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
    {ChangeKind::out_extra, "out_extra", "out {} was not made by the recorded run"},
};

const KindText& text_of(ChangeKind kind) {
  const KindText& row = kKinds[static_cast<std::size_t>(kind)];
  CAIRN_CHECK(row.kind == kind);
  return row;
}

}  // namespace

bool same_content(const PathState& a, const PathState& b) {
  return a.object.family == b.object.family && a.object.id == b.object.id && a.executable == b.executable;
}

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

}  // namespace cairn::pipeline
