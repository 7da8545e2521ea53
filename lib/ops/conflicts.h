// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "project/merge_pointers.h"
#include "project/tracked.h"
#include "project/workspace.h"

/// Pointers and locks that a merge left in conflict.
namespace cairn::ops {

struct Conflict {
  std::string path;  ///< project path of the pointer or lock
  /// Texts of the sides, "" where a side lacks the file. From its markers if they tell all of them, since
  /// those know what was settled already; else from Git's index.
  text::ThreeWay<std::string> texts;
};

/// Those that Git's index holds open, and those with markers in the workspace: `marked` is
/// Declarations::conflicts. Sorted by path. Errors: `conflict` for one with markers that the index does not
/// know and that do not tell the sides.
Result<std::vector<Conflict>> find_conflicts(project::Workspace& workspace,
                                             const std::vector<std::string>& marked);

/// What the sides of these pointers name.
Result<std::vector<project::Tracked>> tracked_in_conflict(project::Workspace& workspace,
                                                          const std::vector<std::string>& marked);

}  // namespace cairn::ops
