// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "project/tracked.h"
#include "project/tree_changes.h"

namespace cairn::project {

/// How many changes of each kind, and the bytes of what was added or deleted as a whole.
struct DiffTotals {
  std::uint64_t added = 0;
  std::uint64_t modified = 0;
  std::uint64_t deleted = 0;
  std::uint64_t renamed = 0;
  std::uint64_t type_changed = 0;
  std::uint64_t bytes_added = 0;
  std::uint64_t bytes_deleted = 0;
  std::uint64_t bytes_changed = 0;  ///< of modified files: new chunks; the whole file where that is not known
};

DiffTotals count_changes(std::span<const FileChange> changes);

struct DiffReport {
  /// Sorted by path; a tracked folder that moved as a whole is one rename. `changed_bytes` are looked for.
  std::vector<FileChange> changes;
  /// Paths of the workspace that could not be looked at, which are not in `changes`, and recipes that are
  /// damaged.
  std::vector<Error> errors;

  [[nodiscard]] bool is_empty() const { return changes.empty() && errors.empty(); }
};

/// What differs between two revisions (see find_tracked_at), down to the files in folders. Folders with equal
/// ids are not read; those whose objects are not in the local store are `unlisted`.
Result<DiffReport> diff_revisions(Workspace& workspace, const std::vector<Tracked>& before,
                                  const std::vector<Tracked>& after);

/// What differs between pointers (of the workspace or of a revision) and the files in the workspace, at the
/// paths that the pointers name and at those in `tracked_now`.
Result<DiffReport> diff_workspace(Workspace& workspace, const std::vector<Tracked>& before,
                                  const std::vector<Tracked>& tracked_now, const Context& context);

}  // namespace cairn::project
