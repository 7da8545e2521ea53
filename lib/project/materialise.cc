// SPDX-License-Identifier: Apache-2.0
// Carries plans out. Order: what must go, folders, files, modes, symlinks (so that nothing is written below
// one), and new folders get their name last.
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <set>

#include "base/escape.h"
#include "os/path.h"
#include "project/apply_target.h"
#include "project/materialise_writes.h"

namespace cairn::project {
namespace {

class Materialiser {
 public:
  Materialiser(Workspace& workspace, std::vector<Target>& targets, const Context& context)
      : workspace_(workspace),
        root_(workspace.files()),
        context_(context),
        staging_(targets.size()),
        targets_(targets) {}

  Status run() {
    Status done = act();
    // What did not get its name is removed: a failed target's new folder, or all after an interruption.
    for (const std::string& folder : staging_) {
      if (!folder.empty()) {
        static_cast<void>(root_.remove_tree(folder));
      }
    }
    return done;
  }

 private:
  Status act() {
    CAIRN_TRY(for_each([this](std::size_t i) { return sweep(targets_[i]); }));
    CAIRN_TRY(for_each([this](std::size_t i) { return clear(targets_[i]); }));
    CAIRN_TRY(for_each([this](std::size_t i) { return make_folders(i); }));
    CAIRN_TRY(write_files());
    CAIRN_TRY(for_each([this](std::size_t i) { return set_modes(targets_[i]); }));
    CAIRN_TRY(for_each([this](std::size_t i) { return make_symlinks(i); }));
    CAIRN_TRY(for_each([this](std::size_t i) { return name_folder(i); }));
    remember_files();
    return {};
  }

  /// Calls `work` for every target that has something to do and did not fail; a failure is that target's own.
  template <class Work>
  Status for_each(Work work) {
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      CAIRN_TRY(context_.check_stop());
      if (targets_[i].acts()) {
        if (Status done = work(i); !done.ok()) {
          targets_[i].fail(std::move(done.error()));
        }
      }
    }
    return {};
  }

  /// Final path of a node, inside the staging folder if its target has one.
  [[nodiscard]] std::string location(std::size_t i, const std::string& relative) const {
    return path_of(staging_[i].empty() ? targets_[i].path() : staging_[i], relative);
  }

  /// A killed run left unfinished files in the folders that it wrote to, which are written to again now.
  Status sweep(const Target& target) {
    for (const Step& step : target.plan) {
      const bool writes = step.action == Action::create || step.action == Action::replace;
      const std::string folder(os::parent_of(path_of(target.path(), step.path())));
      if (writes && !target.is_fresh_folder() && swept_.insert(folder).second) {
        remove_leftovers(root_, folder);
      }
    }
    return {};
  }

  /// Removes what is not wanted, and what has to make room for another kind of thing; content before its
  /// folder.
  Status clear(Target& target) {
    for (auto step = target.plan.rbegin(); step != target.plan.rend(); ++step) {
      const bool makes_room =
          step->action == Action::replace && (step->present->is_folder() || step->wanted->is_folder());
      if (step->action != Action::remove && !makes_room) {
        continue;
      }
      CAIRN_TRY(remove(path_of(target.path(), step->path()), *step));
    }
    if (!target.transition->wanted) {
      remove_empty_parents(target.path());
    }
    return {};
  }

  Status remove(const std::string& path, const Step& step) {
    if (step.present->is_folder()) {
      remove_leftovers(root_, path);
      Status removed = root_.remove(path);
      // A folder that is merely not needed stays when something is left in it.
      return step.action == Action::remove ? Status() : removed;
    }
    CAIRN_TRY(check_unchanged(root_, path, step.present));
    workspace_.stat_cache().forget(path);
    return root_.remove(path);
  }

  void remove_empty_parents(std::string_view path) {
    for (path = os::parent_of(path); !path.empty() && root_.remove(path).ok(); path = os::parent_of(path)) {
    }
  }

  Status make_folders(std::size_t i) {
    Target& target = targets_[i];
    if (!target.transition->wanted) {
      return {};
    }
    CAIRN_TRY_ASSIGN(os::Fd parent, root_.make_folder(os::parent_of(target.path())));
    if (target.is_fresh_folder()) {
      staging_[i] = temporary_of(target.path());
    }
    for (const Step& step : target.plan) {
      if ((step.action == Action::create || step.action == Action::replace) && step.wanted->is_folder()) {
        CAIRN_TRY_ASSIGN(os::Fd folder, root_.make_folder(location(i, step.path())));
      }
    }
    return {};
  }

  Status write_files() {
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      if (targets_[i].acts()) {
        plan_writes(i);
      }
    }
    std::vector<store::ExtractTask> tasks;
    std::uint64_t bytes = 0;
    for (const Write& write : writes_) {
      tasks.push_back({*write.step->wanted->id, write.step->wanted->size, {}});
      bytes += write.step->wanted->size;
    }
    context_.progress.start("checkout", bytes, tasks.size());
    CAIRN_TRY_ASSIGN(store::Store * store, workspace_.store());
    WorkspaceFiles files(root_, writes_);
    Status extracted = store::extract_files(*store, tasks, files, context_);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      if (tasks[i].error) {
        writes_[i].target->fail(tasks[i].error->with_context("cannot write " + quoted(writes_[i].path)));
      }
    }
    return extracted;
  }

  void plan_writes(std::size_t i) {
    for (const Step& step : targets_[i].plan) {
      if ((step.action == Action::create || step.action == Action::replace) && step.wanted->is_file()) {
        Write write;
        write.target = &targets_[i];
        write.step = &step;
        write.path = location(i, step.path());
        write.temporary = staging_[i].empty() ? temporary_of(write.path) : write.path;
        writes_.push_back(std::move(write));
      }
    }
  }

  Status set_modes(Target& target) {
    for (const Step& step : target.plan) {
      if (step.action != Action::set_mode) {
        continue;
      }
      CAIRN_TRY(set_mode(path_of(target.path(), step.path()), step));
    }
    return {};
  }

  Status set_mode(const std::string& path, const Step& step) {
    CAIRN_TRY_ASSIGN(os::Fd file, root_.open_at(path, O_RDONLY | O_NONBLOCK));
    CAIRN_TRY_ASSIGN(os::FileStat stat, os::stat_fd(file.get(), path));
    if (!same_file(stat, step.present->stat)) {
      return changed_meanwhile(path);
    }
    // Executable for whoever may read it.
    const bool executable = step.wanted->kind == store::TreeKind::executable;
    const unsigned mode = executable ? stat.mode | ((stat.mode & 0444u) >> 2u) : stat.mode & ~0111u;
    if (::fchmod(file.get(), static_cast<mode_t>(mode)) != 0) {
      return Error::from_errno(errno, "cannot change the mode of", path);
    }
    CAIRN_TRY_ASSIGN(os::FileStat now, os::stat_fd(file.get(), path));
    workspace_.stat_cache().put(path, now, *step.wanted->id);
    return {};
  }

  Status make_symlinks(std::size_t i) {
    for (const Step& step : targets_[i].plan) {
      const bool writes = step.action == Action::create || step.action == Action::replace;
      if (!writes || !step.wanted->is_symlink()) {
        continue;
      }
      CAIRN_TRY(make_symlink(location(i, step.path()), step));
    }
    return {};
  }

  Status make_symlink(const std::string& path, const Step& step) {
    const std::string temporary = temporary_of(path);
    CAIRN_TRY(root_.make_symlink(temporary, step.wanted->target));
    Status placed = put_in_place(root_, temporary, path, step.present);
    if (!placed.ok()) {
      static_cast<void>(root_.remove(temporary));
    }
    return placed;
  }

  Status name_folder(std::size_t i) {
    if (staging_[i].empty()) {
      return {};
    }
    CAIRN_TRY(rename_new(root_, staging_[i], targets_[i].path()));
    staging_[i].clear();
    return {};
  }

  /// What was written is known to be clean: the id was computed from the bytes that went into the file.
  void remember_files() {
    StatCache& cache = workspace_.stat_cache();
    for (const Write& write : writes_) {
      // A new folder's files exist under their own names only if the folder got its name.
      const bool stands = write.published && !(write.target->failed() && write.target->is_fresh_folder());
      if (stands) {
        cache.put(path_of(write.target->path(), write.step->path()), write.stat, *write.step->wanted->id);
      }
    }
  }

  Workspace& workspace_;
  const os::Root& root_;
  const Context& context_;
  std::vector<std::string> staging_;  // for each target; "" where files are written in place
  std::vector<Target>& targets_;
  std::set<std::string, std::less<>> swept_;  // folders
  std::vector<Write> writes_;
};

}  // namespace

Status materialise_targets(Workspace& workspace, std::vector<Target>& targets, const Context& context) {
  return Materialiser(workspace, targets, context).run();
}

}  // namespace cairn::project
