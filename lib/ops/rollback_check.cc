// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "base/escape.h"
#include "git/head.h"
#include "git/tree_switch.h"
#include "ops/path_words.h"
#include "ops/rollback_plan.h"
#include "os/path.h"
#include "pipeline/lock_outputs.h"
#include "project/checkout.h"
#include "project/status.h"

namespace cairn::ops {
namespace {

using project::ChangeKind;
using PathSet = std::set<std::string, std::less<>>;

class Check {
 public:
  Check(project::Workspace& workspace, git::Repository& git, const RollbackPlan& plan, const Context& context)
      : workspace_(workspace), git_(git), plan_(plan), context_(context) {
    for (const project::FileChange& file : plan.files) {
      (file.kind == ChangeKind::added ? added_ : gone_).insert(file.path);
    }
  }

  Result<std::vector<std::string>> run(bool with_data) {
    CAIRN_TRY(check_operation());
    CAIRN_TRY(check_tracked());
    std::vector<std::string> missing;
    if (with_data) {
      CAIRN_TRY(check_changed_data());
      CAIRN_TRY_ASSIGN(missing, check_data());
    }
    CAIRN_TRY(check_in_the_way());
    CAIRN_TRY(git::check_switch(git_.layout(), plan_.head, plan_.tree));
    return missing;
  }

 private:
  Status check_operation() const {
    CAIRN_TRY_ASSIGN(const std::string operation, git::unfinished_operation(git_.layout()));
    if (operation.empty()) {
      return {};
    }
    return Error(Code::conflict, "a " + operation + " was begun here and not ended",
                 operation == "bisect"
                     ? "git bisect reset"
                     : "git " + operation + " --continue, or git " + operation + " --abort");
  }

  Status check_tracked() {
    CAIRN_TRY_ASSIGN(std::vector<git::WorkChange> changes, git_.uncommitted());
    const std::string prefix = workspace_.git_prefix();
    std::vector<std::string> paths;
    for (const git::WorkChange& change : changes) {
      if (os::is_within(change.path, prefix)) {
        paths.push_back(prefix.empty() ? change.path : change.path.substr(prefix.size() + 1));
      }
    }
    return paths.empty()
               ? Status()
               : Error(Code::conflict, "there are changes that are not committed: " + some_paths(paths),
                       "git commit them, or git stash (git stash pop brings them back)");
  }

  Status check_changed_data() {
    CAIRN_TRY_ASSIGN(auto tracked, project::find_tracked(workspace_, pipeline::read_lock_outputs));
    CAIRN_TRY_ASSIGN(auto report, project::status(workspace_, tracked, context_));
    std::vector<std::string> changed;
    for (const project::StatusEntry& entry : report.entries) {
      if (!entry.errors.empty()) {
        return entry.errors.front();
      }
      if (entry.state == project::DataState::modified) {
        changed.push_back(entry.tracked.path);
      }
    }
    return changed.empty()
               ? Status()
               : Error(Code::conflict,
                       "there is data that differs from what is recorded: " + some_paths(changed),
                       "cairn commit and git commit to keep it, or cairn checkout --force to drop it");
  }

  /// True for data where Git has files now, which will be gone by the time it is placed.
  [[nodiscard]] bool replaces_files(const std::string& path) const {
    for (std::string_view outer = path; !outer.empty(); outer = os::parent_of(outer)) {
      if (gone_.contains(outer)) {
        return true;
      }
    }
    const auto inner = gone_.lower_bound(path + "/");
    return inner != gone_.end() && os::is_within(*inner, path);
  }

  Result<std::vector<std::string>> check_data() {
    std::vector<project::Tracked> wanted = plan_.wanted;
    std::erase_if(wanted, [this](const project::Tracked& one) { return replaces_files(one.path); });
    CAIRN_TRY_ASSIGN(auto planned,
                     project::checkout(workspace_, std::move(wanted), {false, true, true}, context_));
    std::vector<std::string> missing;
    for (const project::PathReport& path : planned.paths) {
      leaving_.insert(path.removed.begin(), path.removed.end());
      if (path.error && path.error->code() == Code::not_found) {
        missing.push_back(path.path);
      } else if (path.error) {
        return *path.error;
      }
    }
    return missing;
  }

  /// Git overwrites what it ignores without a word.
  Status check_in_the_way() {
    std::vector<std::string> paths;
    for (const std::string& path : added_) {
      CAIRN_TRY(add_obstacles(path, paths));
    }
    std::sort(paths.begin(), paths.end());
    paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
    return paths.empty()
               ? Status()
               : Error(Code::conflict,
                       "files that Git does not track are in the way of the version's: " + some_paths(paths),
                       "move them away");
  }

  [[nodiscard]] bool may_go(const std::string& path) const {
    return gone_.contains(path) || leaving_.contains(path);
  }

  Status add_obstacles(const std::string& path, std::vector<std::string>& out) {
    std::string here;
    for (std::string_view part : os::parts_of(path)) {
      here = os::join(here, part);
      CAIRN_TRY_ASSIGN(auto stat, workspace_.files().find_stat(here));
      if (!stat) {
        return {};
      }
      if (here != path && stat->kind == os::Kind::folder) {
        continue;
      }
      return add_standing(here, stat->kind, out);
    }
    return {};
  }

  /// What stands there, and in it.
  Status add_standing(const std::string& path, os::Kind kind, std::vector<std::string>& out) {
    if (kind != os::Kind::folder) {
      if (!may_go(path)) {
        out.push_back(path);
      }
      return {};
    }
    CAIRN_TRY_ASSIGN(os::Fd folder, workspace_.files().open_folder(path));
    CAIRN_TRY_ASSIGN(auto entries, os::list_folder(folder.get(), workspace_.files().shown(path)));
    for (const os::DirEntry& entry : entries) {
      const std::string inner = os::join(path, entry.name);
      CAIRN_TRY_ASSIGN(auto stat, workspace_.files().find_stat(inner));
      CAIRN_TRY(stat ? add_standing(inner, stat->kind, out) : Status());
    }
    return {};
  }

  project::Workspace& workspace_;
  git::Repository& git_;
  const RollbackPlan& plan_;
  const Context& context_;
  PathSet added_;
  PathSet gone_;     // files of Git's that go or change
  PathSet leaving_;  // stored data that goes
};

}  // namespace

Result<std::vector<std::string>> check_rollback(project::Workspace& workspace, const RollbackPlan& plan,
                                                bool with_data, const Context& context) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  return Check(workspace, *git, plan, context).run(with_data);
}

}  // namespace cairn::ops
