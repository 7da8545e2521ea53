// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "project/tree_changes.h"
#include "store/reader.h"

namespace cairn::report {

/// How much of the content changed between two objects, by their content-defined chunks.
struct ContentChange {
  std::uint64_t changed = 0;  ///< bytes of the second object in chunks that the first one does not have
  std::uint64_t total = 0;    ///< bytes of the second object

  /// 0 to 100; 0 for an empty object.
  [[nodiscard]] double percent() const;
};
/// "1.20 MiB of 96.0 MiB, 1.3 %".
std::string words(const ContentChange& change);

/// Compares two blobs, two trees, or one with the other. Files that both have at the same path are equal and
/// are not looked into: a copy of one elsewhere counts as changed. Reads trees and recipes, no data. Cost: 40
/// bytes of memory for each chunk of what differs. Errors: `not_found` where a tree or recipe is not in the
/// store, `corrupt`.
Result<ContentChange> content_change(store::Reader& reader, const store::Object& before,
                                     const store::Object& after);

/// project::compare_trees for objects that must all be in the store, as paths below the object: `not_found`.
Result<std::vector<project::FileChange>> changed_files(store::Reader& reader,
                                                       const project::ChangeSide& before,
                                                       const project::ChangeSide& after);

}  // namespace cairn::report
