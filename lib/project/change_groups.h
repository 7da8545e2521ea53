// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "project/tree_changes.h"

namespace cairn::project {

/// What a summed-up list says in one line: one change, or those of a whole folder.
struct ChangeGroup {
  std::string folder;  ///< "" of a single change
  std::string
      from;  ///< of a folder whose changes are all renames out of one other folder, with equal names there
  std::span<const FileChange> changes;
};

/// The changes (sorted by path, as find_renames leaves them) in groups: a folder of more than `limit` lines,
/// counted from the deepest folders upwards, becomes one line. Changes that are in no folder stay single.
/// The groups refer to `changes`.
std::vector<ChangeGroup> group_by_folder(std::span<const FileChange> changes, std::size_t limit);

/// One group for each path of `tracked` in which something changed.
std::vector<ChangeGroup> group_by_tracked(std::span<const FileChange> changes,
                                          const std::set<std::string, std::less<>>& tracked);

}  // namespace cairn::project
