// SPDX-License-Identifier: Apache-2.0
#include "ops/work_base.h"

#include <array>
#include <cstdlib>

#include "ops/work_top.h"
#include "os/path.h"

namespace cairn::ops {
namespace {

/// Variables that would make Git, run by a stage, look at the user's work tree.
Status check_environment() {
  constexpr std::array<const char*, 5> kNames = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE",
                                                 "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"};
  for (const char* name : kNames) {
    if (std::getenv(name) != nullptr) {
      return Error(Code::unsupported, "a work tree cannot be made while " + std::string(name) + " is set",
                   "unset " + std::string(name));
    }
  }
  return {};
}

std::string index_in(const WorkArea& area) {
  return area.path() + "/index";
}

/// The tree of HEAD with what differs from it here.
Result<git::Oid> write_base_tree(git::Repository& git, const WorkBase& base) {
  std::vector<git::TreeEdit> edits;
  for (const git::WorkChange& change : base.changes) {
    git::TreeEdit edit{change.path, std::nullopt};
    if (!change.gone) {
      CAIRN_TRY_ASSIGN(edit.file, git.write_file(change.path));
    }
    edits.push_back(std::move(edit));
  }
  return git.write_tree(base.head, edits);
}

}  // namespace

Result<WorkBase> base_of_workspace(project::Workspace& workspace, const WorkArea& area, Copies copies,
                                   const std::atomic<bool>& stop) {
  CAIRN_TRY(check_environment());
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(const std::optional<git::Oid> head, git->head());
  if (!head) {
    return Error(Code::conflict, "a work tree starts from a commit, and there is none yet",
                 "git add -A, git commit");
  }
  WorkBase base{git->layout(), *head, git->layout().work_tree, {}, {}, {}, {}, index_in(area)};
  CAIRN_TRY(git->copy_index(base.index));
  CAIRN_TRY_ASSIGN(base.changes, git->uncommitted());
  CAIRN_TRY_ASSIGN(const WorkTop top, WorkTop::open(base.folder));
  CAIRN_TRY_ASSIGN(std::vector<std::string> tracked, git->tracked_paths({}));
  for (std::string& path : tracked) {
    CAIRN_TRY_ASSIGN(const auto stat, top.find_stat(path));
    if (stat && (stat->kind == os::Kind::file || stat->kind == os::Kind::symlink)) {
      base.files.push_back(std::move(path));
    }
  }
  if (!base.changes.empty()) {
    CAIRN_TRY_ASSIGN(base.tree, write_base_tree(*git, base));
  }
  if (copies == Copies::several) {
    base.folder = area.path() + "/base";
    CAIRN_TRY_ASSIGN(const WorkTop copy, WorkTop::make(base.folder, base.files));
    CAIRN_TRY(copy.copy_from(top, base.files, stop));
  }
  return base;
}

Result<WorkBase> base_of_commit(project::Workspace& workspace, const WorkArea& area, const git::Oid& commit) {
  CAIRN_TRY(check_environment());
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  WorkBase base{git->layout(), commit, "", {}, {}, {}, {}, index_in(area)};
  CAIRN_TRY_ASSIGN(base.committed, git->list_files(commit, {}));
  for (const git::TreeFile& file : base.committed) {
    base.files.push_back(file.path);
  }
  CAIRN_TRY(git->write_index(commit, base.index));
  return base;
}

}  // namespace cairn::ops
