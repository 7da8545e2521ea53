// SPDX-License-Identifier: Apache-2.0
#include "ops/rollback_plan.h"

#include <algorithm>
#include <map>

#include "base/escape.h"
#include "git/graft.h"
#include "os/path.h"
#include "pipeline/lock.h"
#include "pipeline/lock_outputs.h"

namespace cairn::ops {
namespace {

using project::ChangeKind;

constexpr std::string_view kConfig = ".cairn/config";

template <class Before, class After>
ChangeKind kind_of(const Before& before, const After& after) {
  return !before ? ChangeKind::added : !after ? ChangeKind::deleted : ChangeKind::modified;
}

class Planner {
 public:
  Planner(project::Workspace& workspace, git::Repository& git, RollbackPlan plan)
      : workspace_(workspace), git_(git), prefix_(workspace.git_prefix()), plan_(std::move(plan)) {}

  Result<RollbackPlan> run() {
    CAIRN_TRY_ASSIGN(auto project, git_.find_blob(plan_.source, os::join(prefix_, kConfig)));
    if (!project) {
      return Error(Code::not_found,
                   "commit " + plan_.source.hex() + " has no cairn project in " +
                       quoted(prefix_.empty() ? "." : prefix_),
                   "cairn pipeline list");
    }
    CAIRN_TRY_ASSIGN(plan_.tree,
                     git::graft_tree(git_, plan_.head, plan_.source, prefix_, std::string(kConfig)));
    CAIRN_TRY_ASSIGN(git::Commit head, git_.read_commit(plan_.head));
    plan_.nothing = head.tree == plan_.tree;
    CAIRN_TRY(add_files());
    CAIRN_TRY(add_data());
    return std::move(plan_);
  }

 private:
  Status add_files() {
    CAIRN_TRY_ASSIGN(auto paths, git_.changed_paths(plan_.head, plan_.source, {}));
    for (const std::string& whole : paths) {
      std::string path = prefix_.empty() ? whole : whole.substr(std::min(whole.size(), prefix_.size() + 1));
      if (!os::is_within(whole, prefix_) || path == kConfig) {
        continue;
      }
      CAIRN_TRY_ASSIGN(auto before, git_.find_blob(plan_.head, whole));
      CAIRN_TRY_ASSIGN(auto after, git_.find_blob(plan_.source, whole));
      if (os::name_of(path) == pipeline::kLockFile) {
        CAIRN_TRY(add_stages(path, before, after));
      }
      plan_.files.push_back({kind_of(before, after), std::move(path), {}, {}, {}, false});
    }
    return {};
  }

  Result<pipeline::Lock> lock_of(const std::optional<git::TreeFile>& file, const std::string& path) {
    if (!file) {
      return pipeline::Lock();
    }
    CAIRN_TRY_ASSIGN(Buffer text, git_.read_blob(file->blob));
    return pipeline::parse_lock(as_text(text), path);
  }

  Status add_stages(const std::string& path, const std::optional<git::TreeFile>& before,
                    const std::optional<git::TreeFile>& after) {
    CAIRN_TRY_ASSIGN(pipeline::Lock now, lock_of(before, path));
    CAIRN_TRY_ASSIGN(pipeline::Lock then, lock_of(after, path));
    std::map<std::string, std::pair<const pipeline::StageLock*, const pipeline::StageLock*>> blocks;
    for (const pipeline::StageLock& block : now.stages) {
      blocks[block.name].first = &block;
    }
    for (const pipeline::StageLock& block : then.stages) {
      blocks[block.name].second = &block;
    }
    const std::string file = os::join(os::parent_of(path), pipeline::kPipelineFile);
    for (const auto& [name, sides] : blocks) {
      if (sides.first == nullptr || sides.second == nullptr || !(*sides.first == *sides.second)) {
        plan_.stages.push_back({pipeline::stage_address(file, name), kind_of(sides.first, sides.second)});
      }
    }
    return {};
  }

  Status add_data() {
    CAIRN_TRY_ASSIGN(plan_.wanted,
                     project::find_tracked_at(workspace_, plan_.source, pipeline::read_lock_outputs));
    CAIRN_TRY_ASSIGN(auto now, project::find_tracked_at(workspace_, plan_.head, pipeline::read_lock_outputs));
    std::map<std::string, project::FileChange> data;
    for (const project::Tracked& one : now) {
      data[one.path].before = project::side_of(one.object, one.executable);
    }
    for (const project::Tracked& one : plan_.wanted) {
      data[one.path].after = project::side_of(one.object, one.executable);
    }
    for (auto& [path, one] : data) {
      if (one.before != one.after) {
        one.path = path;
        one.kind = kind_of(one.before, one.after);
        plan_.data.push_back(std::move(one));
      }
    }
    return {};
  }

  project::Workspace& workspace_;
  git::Repository& git_;
  std::string prefix_;
  RollbackPlan plan_;
};

}  // namespace

Result<RollbackPlan> plan_rollback(project::Workspace& workspace, const git::Oid& source) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(std::optional<git::Oid> head, git->head());
  if (!head) {
    return Error(Code::conflict, "this branch has no commit yet", "git commit, or git switch to a branch");
  }
  return Planner(workspace, *git, {*head, source, *head, {}, {}, {}, {}, false}).run();
}

}  // namespace cairn::ops
