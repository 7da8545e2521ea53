// SPDX-License-Identifier: Apache-2.0
#include "ops/experiment_save.h"

#include <set>

#include "os/path.h"

namespace cairn::ops {
namespace {

/// Files at or below `path`, from the project root.
Status add_files(const os::Root& root, const std::string& path, std::set<std::string>& paths) {
  CAIRN_TRY_ASSIGN(auto stat, root.find_stat(path));
  if (!stat) {
    return {};
  }
  if (stat->kind != os::Kind::folder) {
    paths.insert(path);
    return {};
  }
  CAIRN_TRY_ASSIGN(os::Fd folder, root.open_folder(path));
  CAIRN_TRY_ASSIGN(auto entries, os::list_folder(folder.get(), root.shown(path)));
  for (const os::DirEntry& entry : entries) {
    CAIRN_TRY(add_files(root, os::join(path, entry.name), paths));
  }
  return {};
}

/// What stages and cairn wrote for Git to keep.
Result<std::set<std::string>> written_files(project::Workspace& workspace, const ReproReport& report) {
  std::set<std::string> paths;
  CAIRN_TRY_ASSIGN(Locks locks, Locks::load(workspace, report.graph));
  const os::Root& root = workspace.files();
  for (const pipeline::StageReport& one : report.stages.stages) {
    const pipeline::Stage& stage = report.graph.stage(one.stage);
    CAIRN_TRY(add_files(root, os::join(stage.folder(), pipeline::kLockFile), paths));
    const pipeline::StageLock* block = locks.find(stage);
    for (const pipeline::LockedOut& out :
         block != nullptr ? block->outs : std::vector<pipeline::LockedOut>()) {
      std::string ignore = os::join(os::parent_of(out.path), ".gitignore");
      CAIRN_TRY(add_files(root, out.cached ? ignore : out.path, paths));
    }
  }
  return paths;
}

}  // namespace

Result<Experiment> save_experiment(const WorkTree& tree, const WorkBase& base, const ReproReport& report,
                                   Experiment experiment, const std::vector<std::string>& more) {
  project::Workspace& workspace = tree.workspace();
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  std::set<std::string> paths;  // from the top of the work tree
  CAIRN_TRY_ASSIGN(std::set<std::string> written, written_files(workspace, report));
  for (const std::string& path : more) {
    CAIRN_TRY(add_files(workspace.files(), path, written));
  }
  for (const std::string& path : written) {
    paths.insert(os::join(workspace.git_prefix(), path));
  }
  CAIRN_TRY_ASSIGN(std::vector<std::string> touched, tree.touched());
  paths.insert(touched.begin(), touched.end());
  std::vector<git::TreeEdit> edits;
  for (const git::WorkChange& change : base.changes) {
    paths.insert(change.path);
  }
  for (const std::string& path : paths) {
    CAIRN_TRY_ASSIGN(auto stat, os::find_stat(os::join(tree.folder(), path)));
    git::TreeEdit edit{path, std::nullopt};
    if (stat && (stat->kind == os::Kind::file || stat->kind == os::Kind::symlink)) {
      CAIRN_TRY_ASSIGN(edit.file, git->write_file(path));
    }
    edits.push_back(std::move(edit));
  }
  CAIRN_TRY_ASSIGN(git::Oid written_tree, git->write_tree(base.head, edits));
  CAIRN_TRY_ASSIGN(experiment.commit,
                   git->write_commit({written_tree, base.head, write_experiment_message(experiment)}));
  CAIRN_TRY_ASSIGN(git::Commit commit, git->read_commit(experiment.commit));
  experiment.created = commit.time;
  CAIRN_TRY(git->create_ref(std::string(kExperimentRefs) + experiment.name, experiment.commit));
  return experiment;
}

}  // namespace cairn::ops
