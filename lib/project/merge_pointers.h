// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "project/merge_trees.h"
#include "project/pointer.h"

namespace cairn::project {

/// A pointer as the sides of a merge have it; the base may lack it.
using PointerSides = text::ThreeWay<std::optional<Pointer>>;

struct MergedPointer {
  /// What was merged, alike on all sides but for what is in conflict.
  PointerSides sides;
  std::vector<PathConflict> paths;
  std::vector<std::string> keys;  ///< the user's keys in conflict: "desc", "meta.owner"

  [[nodiscard]] bool clean() const { return paths.empty() && keys.empty(); }
};

/// The sides as they are, in conflict as a whole.
MergedPointer unmerged(const PointerSides& sides);

/// Merges a pointer: what it names by merge_trees, the user's keys each for itself. `decide` is asked for
/// keys with the path "". A pointer that one side removed and the other changed is one conflict, of the path
/// "". Errors: as merge_trees. REQUIRES: ours or theirs.
Result<MergedPointer> merge_pointers(const PointerSides& sides, const TreeLookup& lookup,
                                     const TreeSink& sink, const Decide& decide);

/// Text of a pointer in conflict (docs/format/pointer.md): what is in conflict, for people, as comments, and
/// between Git's markers of `marker_size` characters the pointer of each side.
std::string write_conflict(const MergedPointer& merged, std::string_view note, unsigned marker_size);

/// The sides of a pointer from their texts; a text without any key is none. A base that cannot be read is
/// none, and of one that is in conflict itself (of a criss-cross merge) its own base is taken. Errors: as
/// parse_pointer, of ours and theirs.
Result<PointerSides> parse_sides(const text::ThreeWay<std::string>& texts, std::string_view path);

}  // namespace cairn::project
