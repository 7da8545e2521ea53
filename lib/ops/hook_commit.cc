// SPDX-License-Identifier: Apache-2.0
#include "ops/hook_commit.h"

#include <algorithm>

#include "base/escape.h"
#include "git/staged.h"
#include "ops/hook_words.h"
#include "ops/stage_states.h"
#include "os/path.h"
#include "pipeline/lock_outputs.h"
#include "project/status.h"

namespace cairn::ops {
namespace {

using git::PathSet;
using pipeline::ChangeKind;
using project::DataState;

/// Data that is not as its pointer or lock says.
struct OddData {
  std::vector<std::string> modified;
  std::vector<std::string> behind;

  void add(DataState state, const std::string& path) {
    (state == DataState::modified ? modified : behind).push_back(path);
  }
  void tell(Log& log) const {
    ops::tell(log, "data differs from its pointer (cairn commit records it):", modified);
    ops::tell(log, "data is older than its pointer (cairn checkout updates it):", behind);
  }
};

/// The file that makes a stage not up to date, from the project's root; "" for what no commit brings, and for
/// what needs no run: stages that run always, or for one before them, and outs that are not here.
std::string file_of(const pipeline::Change& change, const pipeline::Stage& stage) {
  switch (change.kind) {
    case ChangeKind::always:
    case ChangeKind::forced:
    case ChangeKind::upstream:
    case ChangeKind::track_env_added:
    case ChangeKind::track_env_removed:
    case ChangeKind::track_env_modified:
    case ChangeKind::environment:
    case ChangeKind::out_missing:
      return "";
    case ChangeKind::param_added:
    case ChangeKind::param_removed:
    case ChangeKind::param_modified:
    case ChangeKind::param_missing:
      return change.name.substr(0, change.name.rfind(':'));
    case ChangeKind::code_added:
    case ChangeKind::code_removed:
    case ChangeKind::code_modified:
    case ChangeKind::dep_added:
    case ChangeKind::dep_removed:
    case ChangeKind::dep_modified:
    case ChangeKind::dep_missing:
    case ChangeKind::out_modified:
    case ChangeKind::out_extra:
      return change.name;
    default:
      return stage.file;
  }
}

/// What a commit would record, of one project.
class Commit {
 public:
  static Result<Commit> look(project::Workspace& workspace) {
    CAIRN_TRY_ASSIGN(git::Repository* const git, workspace.git());
    CAIRN_TRY_ASSIGN(PathSet staged, git::staged_paths(*git));
    return Commit(workspace, std::move(staged));
  }

  /// True when this file, or the pointer of this data, is committed, or something in this folder.
  [[nodiscard]] bool changes(const std::string& path) const {
    const std::string full = from_top(path);
    const auto inside = staged_.lower_bound(full + "/");
    return staged_.contains(full) || staged_.contains(project::pointer_path(full)) ||
           (inside != staged_.end() && inside->starts_with(full + "/"));
  }

  /// True when the stage is not up to date, by what is committed: a reason is committed, or the lock that
  /// lacks it, and the reason is not an edit that stays behind.
  Result<bool> leaves_stale(const pipeline::Stage& stage, const pipeline::StageReport& report) const {
    const bool has_lock = changes(os::join(stage.folder(), "cairn.lock"));
    PathSet reasons;
    for (const pipeline::Change& change : report.changes) {
      const std::string file = file_of(change, stage);
      if (!file.empty() && (has_lock || changes(file))) {
        reasons.insert(from_top(file));
      }
    }
    PathSet looked_at = reasons;
    for (const std::string& reason : reasons) {
      looked_at.insert(project::pointer_path(reason));
    }
    CAIRN_TRY_ASSIGN(const PathSet unstaged, git::unstaged_among(*workspace_->git_layout(), looked_at));
    return std::any_of(reasons.begin(), reasons.end(), [&unstaged](const std::string& reason) {
      return !unstaged.contains(reason) && !unstaged.contains(project::pointer_path(reason));
    });
  }

 private:
  Commit(project::Workspace& workspace, PathSet staged)
      : workspace_(&workspace), staged_(std::move(staged)) {}

  [[nodiscard]] std::string from_top(const std::string& path) const {
    return os::join(workspace_->git_prefix(), path);
  }

  project::Workspace* workspace_;
  PathSet staged_;
};

Result<std::vector<std::string>> stale_stages(project::Workspace& workspace, const Commit& commit,
                                              Context& context) {
  CAIRN_TRY_ASSIGN(const StatesReport states, stage_states(workspace, {}, workspace.paths().root, context));
  std::vector<std::string> stale;
  for (const StageStatus& status : states.stages) {
    const pipeline::Stage& stage = states.graph.stage(status.report.stage);
    if (stage.frozen || status.state == StageState::up_to_date) {
      continue;
    }
    CAIRN_TRY_ASSIGN(const bool is_stale, commit.leaves_stale(stage, status.report));
    if (is_stale) {
      stale.push_back(stage.address());
    }
  }
  return stale;
}

Status block(const OddData& data, const std::vector<std::string>& stale) {
  const auto stop = [](const std::string& what, const std::string& hint) {
    return Error(Code::conflict, what, hint + ", or git commit --no-verify");
  };
  if (!data.modified.empty()) {
    return stop("the commit is stopped: data differs from its pointer: " + shortened(data.modified),
                "cairn commit, then git add -u");
  }
  if (!data.behind.empty()) {
    return stop("the commit is stopped: data is older than its pointer: " + shortened(data.behind),
                "cairn checkout");
  }
  return stale.empty() ? Status()
                       : stop("the commit is stopped: stages are not up to date: " + shortened(stale),
                              "cairn repro, then git add -u");
}

}  // namespace

Status check_commit(project::Workspace& workspace, Context& context) {
  const std::string mode = workspace.config().get_or("git.pre_commit", "warn");
  if (mode == "off") {
    return {};
  }
  std::optional<Commit> commit;
  if (mode == "block") {
    CAIRN_TRY_ASSIGN(commit, Commit::look(workspace));
  }
  CAIRN_TRY_ASSIGN(const auto found, project::find_declarations(workspace, pipeline::read_lock_outputs));
  CAIRN_TRY_ASSIGN(const auto report, project::status(workspace, found.tracked, context));
  CAIRN_TRY(workspace.save());
  OddData committed;
  OddData beside;
  for (const project::StatusEntry& entry : report.entries) {
    if (entry.state == DataState::modified || entry.state == DataState::behind) {
      const bool counts = commit && commit->changes(entry.tracked.declared_in);
      (counts ? committed : beside).add(entry.state, entry.tracked.path);
    }
  }
  beside.tell(context.log);
  if (!commit) {
    return {};
  }
  std::vector<std::string> stale;
  if (!found.pipelines.empty()) {
    CAIRN_TRY_ASSIGN(stale, stale_stages(workspace, *commit, context));
  }
  return block(committed, stale);
}

}  // namespace cairn::ops
