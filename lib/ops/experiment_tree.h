// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "os/file.h"
#include "os/lock.h"
#include "project/workspace.h"

namespace cairn::ops {

/// Removes what killed runs left below $GIT_COMMON_DIR/cairn/exp-work; what another process uses stays.
Status clean_experiment_leftovers(const project::Workspace& workspace);

/// A folder for the work trees of one `exp run`, removed with all that is in it at the end of the scope, or,
/// if this process is killed, by clean_experiment_leftovers.
class ExperimentArea {
 public:
  static Result<std::unique_ptr<ExperimentArea>> make(const project::Workspace& workspace);
  ExperimentArea(const ExperimentArea&) = delete;
  ExperimentArea& operator=(const ExperimentArea&) = delete;
  ~ExperimentArea();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  ExperimentArea(std::string path, os::FileLock lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  std::string path_;
  os::FileLock lock_;
};

/// The tracked files of a work tree at one moment: what experiments start from.
struct ExperimentBase {
  git::Layout layout;  ///< of the user's work tree
  git::Oid head;
  std::string folder;              ///< absolute: where the files are read from
  std::vector<std::string> files;  ///< files and symlinks that are there, from the top of the work tree
  std::vector<git::WorkChange> changes;
  std::optional<git::Oid> tree;  ///< of Git's, where there are changes
  std::string index;             ///< a copy of Git's index
};
enum class Copies : std::uint8_t { one, several };
/// Notes HEAD and what differs from it. With several experiments ahead, the files are copied into the area,
/// so that all start from the same state whatever the user edits meanwhile. `conflict` before the first
/// commit, `unsupported` when GIT_DIR or its like would lead commands elsewhere.
Result<ExperimentBase> take_base(project::Workspace& workspace, const ExperimentArea& area, Copies copies,
                                 const std::atomic<bool>& stop);

/// A linked work tree for one experiment that Git does not list: its Git folder lies beside it. It has its
/// own HEAD (detached) and index. Made by libgit2 and file copies alone; removed with the area, or before.
class ExperimentTree {
 public:
  static Result<ExperimentTree> make(project::Workspace& original, const ExperimentArea& area,
                                     const ExperimentBase& base, const std::string& name,
                                     const std::atomic<bool>& stop);

  [[nodiscard]] project::Workspace& workspace() const { return *workspace_; }
  [[nodiscard]] const std::string& folder() const { return folder_; }
  /// Paths among `base.files` that are no longer what was put there, gone ones too; those that cannot be told
  /// count as changed.
  [[nodiscard]] Result<std::vector<std::string>> touched() const;
  Status remove();

 private:
  std::string path_;    // of the experiment in its area
  std::string folder_;  // top of the work tree
  std::unique_ptr<project::Workspace> workspace_;
  std::map<std::string, os::FileStat> stats_;  // of the files as they were put there
  std::int64_t begun_ns_ = 0;
};

}  // namespace cairn::ops
