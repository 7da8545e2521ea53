// SPDX-License-Identifier: Apache-2.0
#include "ops/experiment_tree.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>

#include "base/escape.h"
#include "os/path.h"
#include "runner/copy_tree.h"

namespace cairn::ops {
namespace {

constexpr std::string_view kRunPrefix = "run-";
constexpr std::chrono::milliseconds kNoPatience{0};
constexpr std::chrono::seconds kPatience{5};
/// A file that was changed this short before it was copied may change again without a trace in its times.
constexpr std::int64_t kRacyNs = 2'000'000'000;
/// No index is longer.
constexpr std::uint64_t kMaxIndex = 4ULL << 30;

std::string work_folder(const project::Workspace& workspace) {
  return workspace.paths().shared + "/exp-work";
}

/// Held while folders of runs come and go.
Result<os::FileLock> lock_folder(const std::string& folder) {
  return os::FileLock::acquire(folder + "/lock", os::LockMode::exclusive, kPatience);
}

/// Variables that would make Git, run by a stage, look at the user's work tree.
Status check_environment() {
  constexpr std::array<const char*, 5> kNames = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE",
                                                 "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"};
  for (const char* name : kNames) {
    if (std::getenv(name) != nullptr) {
      return Error(Code::unsupported, "experiments cannot run while " + std::string(name) + " is set",
                   "unset " + std::string(name));
    }
  }
  return {};
}

Status write_small(const std::string& path, const std::string& text) {
  return os::write_atomic(path, as_bytes(text), {0666, false, os::Durable::no});
}

/// The tree of HEAD with what differs from it here.
Result<git::Oid> write_base_tree(git::Repository& git, const ExperimentBase& base) {
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

/// A work tree's top. os::Root lets nobody into a folder ".cairn" at its top, so that has a root of its own.
class Top {
 public:
  static Result<Top> open(const std::string& folder) {
    CAIRN_TRY_ASSIGN(os::Root root, os::Root::open(folder));
    Top top{std::move(root), std::nullopt};
    CAIRN_TRY_ASSIGN(auto own, os::find_stat(os::join(folder, kOwn)));
    if (own && own->kind == os::Kind::folder) {
      CAIRN_TRY_ASSIGN(top.own_, os::Root::open(os::join(folder, kOwn)));
    }
    return top;
  }

  /// Calls `use` with the root that `path` is below, and its path from there.
  template <class Use>
  auto with(const std::string& path, const Use& use) const {
    return own_ && is_own(path) ? use(*own_, path.substr(kOwn.size() + 1)) : use(root_, path);
  }

  Result<std::optional<os::FileStat>> find_stat(const std::string& path) const {
    return with(path, [](const os::Root& root, const std::string& inner) { return root.find_stat(inner); });
  }

  static constexpr std::string_view kOwn = ".cairn";
  /// Inside that folder.
  static bool is_own(const std::string& path) {
    return path.size() > kOwn.size() && os::is_within(path, kOwn);
  }

 private:
  Top(os::Root root, std::optional<os::Root> own) : root_(std::move(root)), own_(std::move(own)) {}
  os::Root root_;
  std::optional<os::Root> own_;
};

Status copy_files(const std::string& from, const std::vector<std::string>& files, const std::string& to,
                  const std::atomic<bool>& stop) {
  CAIRN_TRY(os::make_folders(to, os::Durable::no));
  if (std::any_of(files.begin(), files.end(), Top::is_own)) {
    CAIRN_TRY(os::make_folders(os::join(to, Top::kOwn), os::Durable::no));  // a root refuses to
  }
  CAIRN_TRY_ASSIGN(Top source, Top::open(from));
  CAIRN_TRY_ASSIGN(Top target, Top::open(to));
  for (const std::string& file : files) {
    CAIRN_TRY(source.with(file, [&](const os::Root& source_root, const std::string& inner) {
      return target.with(file, [&](const os::Root& target_root, const std::string& same) {
        return runner::copy_tree(source_root, inner, target_root, same, stop);
      });
    }));
  }
  return {};
}

}  // namespace

Status clean_experiment_leftovers(const project::Workspace& workspace) {
  std::string folder = work_folder(workspace);
  auto entries = os::list_folder(folder);
  if (!entries.ok()) {
    return entries.error().code() == Code::not_found ? Status() : Status(entries.error());
  }
  bool any = std::any_of(entries->begin(), entries->end(),
                         [](const os::DirEntry& entry) { return entry.name.starts_with(kRunPrefix); });
  if (!any) {
    return {};
  }
  CAIRN_TRY_ASSIGN(os::FileLock lock, lock_folder(folder));
  for (const os::DirEntry& entry : *entries) {
    std::string path = os::join(folder, entry.name);
    if (!entry.name.starts_with(kRunPrefix)) {
      continue;
    }
    auto held = os::FileLock::acquire(path + "/lock", os::LockMode::exclusive, kNoPatience);
    if (held.ok()) {
      CAIRN_TRY(os::remove_tree(path));
    } else if (held.error().code() != Code::locked) {
      return held.error();
    }
  }
  return {};
}

Result<std::unique_ptr<ExperimentArea>> ExperimentArea::make(const project::Workspace& workspace) {
  CAIRN_TRY(clean_experiment_leftovers(workspace));
  std::string folder = work_folder(workspace);
  CAIRN_TRY(os::make_folders(folder, os::Durable::no));
  CAIRN_TRY_ASSIGN(os::FileLock folder_lock, lock_folder(folder));
  std::string path = os::join(folder, std::string(kRunPrefix) + os::random_name());
  CAIRN_TRY(os::make_folders(path, os::Durable::no));
  CAIRN_TRY_ASSIGN(os::FileLock lock,
                   os::FileLock::acquire(path + "/lock", os::LockMode::exclusive, kNoPatience));
  return std::unique_ptr<ExperimentArea>(new ExperimentArea(std::move(path), std::move(lock)));
}

ExperimentArea::~ExperimentArea() {
  (void)os::remove_tree(path_);  // what stays is for clean_experiment_leftovers
}

Result<ExperimentBase> take_base(project::Workspace& workspace, const ExperimentArea& area, Copies copies,
                                 const std::atomic<bool>& stop) {
  CAIRN_TRY(check_environment());
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(std::optional<git::Oid> head, git->head());
  if (!head) {
    return Error(Code::conflict, "an experiment starts from a commit, and there is none yet",
                 "git add -A, git commit");
  }
  ExperimentBase base{git->layout(), *head, git->layout().work_tree, {}, {}, {}, area.path() + "/index"};
  CAIRN_TRY(git->copy_index(base.index));
  CAIRN_TRY_ASSIGN(base.changes, git->uncommitted());
  CAIRN_TRY_ASSIGN(Top top, Top::open(base.folder));
  CAIRN_TRY_ASSIGN(std::vector<std::string> tracked, git->tracked_paths({}));
  for (std::string& path : tracked) {
    CAIRN_TRY_ASSIGN(auto stat, top.find_stat(path));
    if (stat && (stat->kind == os::Kind::file || stat->kind == os::Kind::symlink)) {
      base.files.push_back(std::move(path));
    }
  }
  if (!base.changes.empty()) {
    CAIRN_TRY_ASSIGN(base.tree, write_base_tree(*git, base));
  }
  if (copies == Copies::several) {
    base.folder = area.path() + "/base";
    CAIRN_TRY(copy_files(git->layout().work_tree, base.files, base.folder, stop));
  }
  return base;
}

Result<ExperimentTree> ExperimentTree::make(project::Workspace& original, const ExperimentArea& area,
                                            const ExperimentBase& base, const std::string& name,
                                            const std::atomic<bool>& stop) {
  ExperimentTree tree;
  tree.path_ = os::join(area.path() + "/trees", name);
  tree.folder_ = tree.path_ + "/" + std::string(os::name_of(base.layout.work_tree));
  git::Layout layout{tree.folder_, tree.path_ + "/git", base.layout.common_dir, false};
  tree.begun_ns_ = std::chrono::duration_cast<std::chrono::nanoseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  CAIRN_TRY(os::make_folders(tree.folder_, os::Durable::no));
  CAIRN_TRY(os::make_folders(layout.git_dir, os::Durable::no));
  CAIRN_TRY(write_small(layout.git_dir + "/HEAD", base.head.hex() + "\n"));
  CAIRN_TRY(write_small(layout.git_dir + "/commondir", base.layout.common_dir + "\n"));
  CAIRN_TRY(write_small(layout.git_dir + "/gitdir", tree.folder_ + "/.git\n"));
  CAIRN_TRY(write_small(tree.folder_ + "/.git", "gitdir: " + layout.git_dir + "\n"));
  CAIRN_TRY(copy_files(base.folder, base.files, tree.folder_, stop));
  CAIRN_TRY_ASSIGN(Top to, Top::open(tree.folder_));
  for (const std::string& file : base.files) {
    CAIRN_TRY_ASSIGN(auto stat, to.find_stat(file));
    if (stat) {
      tree.stats_.emplace(file, *stat);
    }
  }
  CAIRN_TRY_ASSIGN(Buffer index, os::read_file(base.index, kMaxIndex));
  CAIRN_TRY(os::write_atomic(layout.git_dir + "/index", index, {0666, false, os::Durable::no}));
  CAIRN_TRY_ASSIGN(tree.workspace_, project::Workspace::open_linked(original, std::move(layout)));
  return tree;
}

Result<std::vector<std::string>> ExperimentTree::touched() const {
  CAIRN_TRY_ASSIGN(Top top, Top::open(folder_));
  std::vector<std::string> paths;
  for (const auto& [path, before] : stats_) {
    CAIRN_TRY_ASSIGN(auto now, top.find_stat(path));
    if (!now || !(*now == before) || before.mtime_ns >= begun_ns_ - kRacyNs) {
      paths.push_back(path);
    }
  }
  return paths;
}

Status ExperimentTree::remove() {
  workspace_.reset();
  return os::remove_tree(path_);
}

}  // namespace cairn::ops
