// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ops/work_base.h"
#include "os/file.h"

namespace cairn::ops {

/// Where a work tree is made.
struct WorkPlace {
  std::string name;    ///< in its area
  std::string folder;  ///< absolute: the top of the work tree, claimed for the area; "": inside the area
  std::string store;   ///< its store's folder; "": that of the original
};

/// A linked work tree that Git does not list: its Git folder lies in the area. It has its own HEAD (detached)
/// and index. Made by libgit2 and file copies alone; removed with the area, or before.
class WorkTree {
 public:
  static Result<WorkTree> make(project::Workspace& original, WorkArea& area, const WorkBase& base,
                               const WorkPlace& place, const std::atomic<bool>& stop);

  [[nodiscard]] project::Workspace& workspace() const { return *workspace_; }
  [[nodiscard]] const std::string& folder() const { return folder_; }
  /// Paths among `base.files` that are no longer what was put there, gone ones too; those that cannot be told
  /// count as changed.
  [[nodiscard]] Result<std::vector<std::string>> touched() const;
  /// Makes `commit`, which holds what the tracked files are now, its HEAD.
  Status move_head(const git::Oid& commit);
  /// Makes it one that Git lists, and that stays. REQUIRES: it stands outside of the area. workspace() is
  /// gone.
  Status keep(WorkArea& area);
  Status remove();

 private:
  Status link(const WorkBase& base);

  std::string path_;    // of its parts in the area
  std::string folder_;  // top of the work tree
  std::string git_dir_;
  std::string common_dir_;
  std::unique_ptr<project::Workspace> workspace_;
  std::map<std::string, os::FileStat> stats_;  // of the files as they were put there
  std::int64_t begun_ns_ = 0;
};

}  // namespace cairn::ops
