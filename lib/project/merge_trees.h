// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "project/tree_changes.h"
#include "store/tree.h"
#include "text/conflict_markers.h"

/// Three-way merge of what pointers name, file by file.
namespace cairn::project {

/// What stands at one path; nothing where there is none.
using MergeEntry = std::optional<store::TreeEntry>;
using MergeSides = text::ThreeWay<MergeEntry>;

/// A path that both sides changed, each otherwise.
struct PathConflict {
  std::string path;  ///< inside what the pointer names; "" is that itself
  text::ThreeWay<std::optional<ChangeSide>> sides;

  bool operator==(const PathConflict&) const = default;
};

/// "changed on both sides", "deleted here, changed there" …, where here is ours and there is theirs.
std::string describe(const PathConflict& conflict);

/// How a conflict is settled. `both` keeps what either side has: where both have something, theirs beside
/// ours under the name with "~theirs" behind it.
enum class Choice : std::uint8_t { ours, theirs, both };
/// What is chosen for a path; nothing: it stays in conflict.
using Decide = std::function<std::optional<Choice>(const std::string& path)>;

/// Stores a folder object and returns its id (store::Writer::put_tree).
using TreeSink = std::function<Result<store::Id>(const store::Tree&)>;

struct MergedTrees {
  /// What was merged, alike on all sides but for the paths in conflict, which each side has as it was.
  MergeSides sides;
  std::vector<PathConflict> conflicts;  ///< sorted by path within each folder
};

/// Merges entries of one name. Content and executable bit are merged each for itself; a rename is a deletion
/// and an addition; a file against a folder, and deleted against changed, are conflicts. Cost: only folders
/// that differ on both sides are read; all that are made are put into `sink`. Errors: those of `lookup`
/// (`not_found`: a folder object is not here); `corrupt` for a tree that is deeper than any workspace.
Result<MergedTrees> merge_trees(const MergeSides& sides, const TreeLookup& lookup, const TreeSink& sink,
                                const Decide& decide);

}  // namespace cairn::project
