// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "project/tracked.h"
#include "project/tree_changes.h"

namespace cairn::project {

/// How the data at one tracked path stands to its pointer.
enum class DataState : std::uint8_t {
  clean,     ///< equal to the pointer
  modified,  ///< edited since cairn last knew it; next: `cairn add` or `cairn checkout`
  missing,   ///< not in the workspace, but stored; next: `cairn checkout`
  behind,  ///< as cairn last left it, but the pointer has moved since (after a merge or switch); next: `cairn
           ///< checkout`
  not_stored,  ///< not here or behind, and the pointer's object is not in the local store; next: `cairn pull`
  unstored,    ///< equal to the pointer, but not in the local store; next, if it shall be: `cairn fetch`
  partial,     ///< a part of a folder is here, as it was pulled or checked out, and nothing was edited; next:
               ///< `cairn checkout` where the folder is stored, else `cairn pull`
  unreadable,  ///< part of it could not be looked at: see errors
};

struct StatusEntry {
  Tracked tracked;
  DataState state = DataState::clean;
  bool stored = true;  ///< the pointer's own object is in the local store
  bool pointer_moved =
      false;  ///< of modified data: cairn last knew another object here than the pointer now names
  /// Of modified data, from the pointer (where only a part is here: from that) to the workspace, sorted by
  /// path.
  std::vector<FileChange> changes;
  std::vector<Error> errors;
};

struct StatusReport {
  std::vector<StatusEntry> entries;  ///< one for each tracked path, in their order

  /// True when no data differs from its pointer.
  [[nodiscard]] bool is_clean() const;
};

/// Compares the workspace with what is tracked. Files are read only where the stat cache does not know them.
/// Nothing is changed but the stat cache, which the caller saves. Cost: one stat a file when all are known.
Result<StatusReport> status(Workspace& workspace, const std::vector<Tracked>& tracked,
                            const Context& context);

}  // namespace cairn::project
