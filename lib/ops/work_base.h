// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "ops/work_area.h"

namespace cairn::ops {

/// What work trees start from: the tracked files of the user's work tree at one moment, or a commit.
struct WorkBase {
  git::Layout layout;  ///< of the user's work tree
  git::Oid head;
  std::string folder;                    ///< absolute: where the files are read from; "": from Git's objects
  std::vector<std::string> files;        ///< files and symlinks, from the top of the work tree
  std::vector<git::TreeFile> committed;  ///< the same, of a commit alone
  std::vector<git::WorkChange> changes;  ///< against `head`
  std::optional<git::Oid> tree;          ///< of Git's, where there are changes
  std::string index;                     ///< a file in the area to copy
};

enum class Copies : std::uint8_t { one, several };
/// Notes HEAD and what differs from it. With several work trees ahead, the files are copied into the area, so
/// that all start from the same state whatever the user edits meanwhile. `conflict` before the first commit,
/// `unsupported` when GIT_DIR or its like would lead commands elsewhere.
Result<WorkBase> base_of_workspace(project::Workspace& workspace, const WorkArea& area, Copies copies,
                                   const std::atomic<bool>& stop);

/// A commit as a fresh checkout has it. `unsupported` as above.
Result<WorkBase> base_of_commit(project::Workspace& workspace, const WorkArea& area, const git::Oid& commit);

}  // namespace cairn::ops
