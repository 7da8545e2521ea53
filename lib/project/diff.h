// SPDX-License-Identifier: Apache-2.0
#pragma once

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
};

struct DiffReport {
  std::vector<FileChange> changes;  ///< sorted by path; a tracked folder that moved as a whole is one rename
  std::vector<Error>
      errors;  ///< workspace only: paths that could not be looked at, which are not in `changes`

  [[nodiscard]] bool is_empty() const { return changes.empty() && errors.empty(); }
  [[nodiscard]] DiffTotals totals() const;
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
