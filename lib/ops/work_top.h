// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "git/repository.h"
#include "os/root.h"

namespace cairn::ops {

/// A work tree's top. os::Root lets nobody into a folder ".cairn" at its top, so that has a root of its own.
class WorkTop {
 public:
  static Result<WorkTop> open(const std::string& folder);
  /// Makes what is missing of it first; with ".cairn" in it where one of `files` is in there.
  static Result<WorkTop> make(const std::string& folder, const std::vector<std::string>& files);

  Result<std::optional<os::FileStat>> find_stat(const std::string& path) const;
  /// Copies of files and symlinks of another work tree; their names are free.
  Status copy_from(const WorkTop& source, const std::vector<std::string>& files,
                   const std::atomic<bool>& stop) const;
  /// Files and symlinks of a commit, as `git checkout` would write them; their names are free.
  Status write_committed(git::Repository& git, const std::vector<git::TreeFile>& files,
                         const std::atomic<bool>& stop) const;

 private:
  WorkTop(os::Root root, std::optional<os::Root> own) : root_(std::move(root)), own_(std::move(own)) {}
  /// Calls `use` with the root that `path` is below, and its path from there.
  template <class Use>
  auto with(const std::string& path, const Use& use) const;

  os::Root root_;
  std::optional<os::Root> own_;
};

}  // namespace cairn::ops
