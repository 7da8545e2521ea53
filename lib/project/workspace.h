// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/context.h"
#include "git/layout.h"
#include "git/repository.h"
#include "os/lock.h"
#include "os/root.h"
#include "project/config.h"
#include "project/materialised.h"
#include "project/project_paths.h"
#include "project/stat_cache.h"
#include "store/store.h"
#include "store/writer.h"

namespace cairn::project {

/// An open project: its root, configuration, store and Git repository, each opened when first needed. One per
/// command. Paths given to and returned by project functions are relative to root(), with "/" between parts.
class Workspace {
 public:
  /// Finds the project that `start` (absolute) is in. `no_repository` with the hint `cairn init` when there
  /// is none; `unsupported` when core.format is newer.
  static Result<std::unique_ptr<Workspace>> open(const std::string& start);

  /// The project that stood at the top of a work tree before a commit without .cairn/config was checked out,
  /// if cairn still knows of data that it put there: hooks have to take that away. Null when there is none.
  static Result<std::unique_ptr<Workspace>> open_former(const git::Layout& layout);

  /// The project of `original` in another work tree of its repository, found by that layout and not by
  /// looking around. Its store is in the folder `store`, and it passes away: its own files are not made
  /// durable. `no_repository` when .cairn/config is not there.
  static Result<std::unique_ptr<Workspace>> open_linked(const Workspace& original, git::Layout layout,
                                                        const std::string& store);

  [[nodiscard]] const ProjectPaths& paths() const { return paths_; }
  [[nodiscard]] const os::Root& files() const { return files_; }
  [[nodiscard]] Config& config() { return config_; }
  /// Git's layout; nothing in a project without Git.
  [[nodiscard]] const std::optional<git::Layout>& git_layout() const { return git_layout_; }

  /// Whether files in the work tree, and what cairn notes of it, have to survive a power cut.
  [[nodiscard]] os::Durable durability() const { return durable_; }

  /// Opened at first use (it costs milliseconds). `unsupported` with a hint in a project without Git.
  Result<git::Repository*> git();
  Result<store::Store*> store();
  /// A session of writing to the store, as core.compress and core.verify_writes say.
  Result<store::Writer> open_writer(const Context& context);
  /// The same, to a sink.
  Result<store::Writer> open_writer_to(store::PackSink& sink, const Context& context);
  StatCache& stat_cache();
  Result<Materialised*> materialised();

  /// Path of the project root inside the Git work tree, "" when they are the same.
  [[nodiscard]] std::string git_prefix() const;
  /// A user's path (relative to `folder`, or absolute) as a path relative to root(). `usage` when it is
  /// outside the project.
  Result<std::string> to_project_path(std::string_view path, const std::string& folder) const;

  /// Notes that the file at `path`, which Git keeps, was written or removed. Not for several threads at once.
  void note_git_file(const std::string& path) { git_files_.insert(path); }
  /// All that was noted, and the project's configuration if it was set; sorted.
  [[nodiscard]] std::vector<std::string> git_files() const;

  /// The project's exclusive lock, for commands that change pointers or tracked data; waits up to 5 s, then
  /// `locked`. Never held while a user's command runs. What materialised() read before is read again, so that
  /// a command that lets go of the lock and takes it again keeps what others recorded in between.
  Result<os::FileLock> lock();

  /// Writes stat cache and materialised if they changed.
  Status save();

 private:
  static Result<std::unique_ptr<Workspace>> open_at(const std::string& root,
                                                    std::optional<git::Layout> layout);
  Workspace(ProjectPaths paths, os::Root files, Config config, std::optional<git::Layout> layout)
      : paths_(std::move(paths)),
        files_(std::move(files)),
        config_(std::move(config)),
        git_layout_(std::move(layout)) {}

  ProjectPaths paths_;
  os::Root files_;
  Config config_;
  std::optional<git::Layout> git_layout_;
  os::Durable durable_ = os::Durable::yes;
  std::unique_ptr<git::Repository> git_;
  std::unique_ptr<store::Store> store_;
  std::optional<StatCache> stat_cache_;
  std::optional<Materialised> materialised_;
  std::set<std::string> git_files_;
};

enum class WithGit { required, no };
/// Makes a project at `root` (absolute): .cairn/config with a random project id, the store's folder,
/// .gitattributes lines. `no_repository` when WithGit::required and `root` is not inside a Git work tree;
/// `exists` when there is a project already.
Status init_project(const std::string& root, WithGit with_git);

}  // namespace cairn::project
