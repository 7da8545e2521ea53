// SPDX-License-Identifier: Apache-2.0
#include "ops/work_tree.h"

#include <chrono>

#include "ops/work_top.h"
#include "os/path.h"

namespace cairn::ops {
namespace {

/// A file that was changed this short before it was copied may change again without a trace in its times.
constexpr std::int64_t kRacyNs = 2'000'000'000;
/// No index is longer.
constexpr std::uint64_t kMaxIndex = 4ULL << 30;

Status write_small(const std::string& path, const std::string& text) {
  return os::write_atomic(path, as_bytes(text), {0666, false, os::Durable::no});
}

}  // namespace

/// The parts of a linked work tree in Git's sense.
Status WorkTree::link(const WorkBase& base) {
  CAIRN_TRY(os::make_folders(folder_, os::Durable::no));
  CAIRN_TRY(os::make_folders(git_dir_, os::Durable::no));
  CAIRN_TRY(write_small(folder_ + "/.git", "gitdir: " + git_dir_ + "\n"));
  CAIRN_TRY(write_small(git_dir_ + "/HEAD", base.head.hex() + "\n"));
  CAIRN_TRY(write_small(git_dir_ + "/commondir", common_dir_ + "\n"));
  return write_small(git_dir_ + "/gitdir", folder_ + "/.git\n");
}

Result<WorkTree> WorkTree::make(project::Workspace& original, WorkArea& area, const WorkBase& base,
                                const WorkPlace& place, const std::atomic<bool>& stop) {
  WorkTree tree;
  tree.path_ = os::join(area.path() + "/trees", place.name);
  tree.folder_ = place.folder;
  if (place.folder.empty()) {
    tree.folder_ = tree.path_ + "/" + std::string(os::name_of(base.layout.work_tree));
  } else {
    CAIRN_TRY(area.claim(place.folder));
  }
  tree.git_dir_ = tree.path_ + "/git";
  tree.common_dir_ = base.layout.common_dir;
  tree.begun_ns_ = std::chrono::duration_cast<std::chrono::nanoseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  CAIRN_TRY(tree.link(base));
  CAIRN_TRY_ASSIGN(const WorkTop to, WorkTop::make(tree.folder_, base.files));
  if (base.folder.empty()) {
    CAIRN_TRY_ASSIGN(git::Repository * git, original.git());
    CAIRN_TRY(to.write_committed(*git, base.committed, stop));
  } else {
    CAIRN_TRY_ASSIGN(const WorkTop from, WorkTop::open(base.folder));
    CAIRN_TRY(to.copy_from(from, base.files, stop));
  }
  for (const std::string& file : base.files) {
    CAIRN_TRY_ASSIGN(const auto stat, to.find_stat(file));
    if (stat) {
      tree.stats_.emplace(file, *stat);
    }
  }
  CAIRN_TRY_ASSIGN(const Buffer index, os::read_file(base.index, kMaxIndex));
  CAIRN_TRY(os::write_atomic(tree.git_dir_ + "/index", index, {0666, false, os::Durable::no}));
  CAIRN_TRY_ASSIGN(tree.workspace_, project::Workspace::open_linked(
                                        original, {tree.folder_, tree.git_dir_, tree.common_dir_, false},
                                        place.store.empty() ? original.paths().store : place.store));
  return tree;
}

Result<std::vector<std::string>> WorkTree::touched() const {
  CAIRN_TRY_ASSIGN(const WorkTop top, WorkTop::open(folder_));
  std::vector<std::string> paths;
  for (const auto& [path, before] : stats_) {
    CAIRN_TRY_ASSIGN(const auto now, top.find_stat(path));
    if (!now || !(*now == before) || before.mtime_ns >= begun_ns_ - kRacyNs) {
      paths.push_back(path);
    }
  }
  return paths;
}

Status WorkTree::move_head(const git::Oid& commit) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace_->git());
  const std::string index = git_dir_ + "/next-index";
  CAIRN_TRY(git->write_index(commit, index));
  CAIRN_TRY(os::rename_file(index, git_dir_ + "/index"));
  return write_small(git_dir_ + "/HEAD", commit.hex() + "\n");
}

Status WorkTree::keep(WorkArea& area) {
  workspace_.reset();
  const std::string listed = common_dir_ + "/worktrees/" + os::random_name();
  CAIRN_TRY(os::make_folders(std::string(os::parent_of(listed)), os::Durable::no));
  CAIRN_TRY(os::rename_file(git_dir_, listed));
  CAIRN_TRY(write_small(folder_ + "/.git", "gitdir: " + listed + "\n"));
  return area.let_go();
}

Status WorkTree::remove() {
  workspace_.reset();
  return os::remove_tree(path_);
}

}  // namespace cairn::ops
