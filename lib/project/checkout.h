// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "project/apply.h"
#include "project/tracked.h"

namespace cairn::project {

/// The only paths in a folder that are touched.
struct CheckoutPart {
  PathSet paths;
  bool is_all =
      true;  ///< false: the wanted object is not all that the folder's pointer names, which is recorded
};

struct CheckoutOptions {
  bool force = false;     ///< overwrite changed files too, after storing them, so that undo brings them back
  bool complete = false;  ///< `wanted` is all that is tracked: data that no pointer names any more goes
  bool dry_run = false;
  std::set<std::string> leaving = {};  ///< without `complete`: paths that no pointer names any more
  std::map<std::string, CheckoutPart> parts = {};  ///< by folder
};

struct CheckoutReport {
  std::vector<PathReport> paths;   ///< of all wanted paths, then of those that are no longer tracked
  std::uint64_t stored_bytes = 0;  ///< new in the store: what was forced away

  [[nodiscard]] std::size_t failed() const;
};

/// Makes the workspace equal to what the pointers and locks name.
///
/// A file is overwritten or removed only if its content is in the store, or with force. Files that cairn does
/// not know are kept; files changed by the user whose wanted content did not change are kept too. With
/// `complete`, or in `leaving`, data whose pointer is gone is removed where it is as cairn left it; changed
/// data stays and is named. A path with a conflict is not touched, nor one whose content is not local
/// (`not_found`, hint `cairn pull PATH`); the others are done: see each path's error. Files of the workspace
/// are not synced. REQUIRES: the caller holds workspace.lock().
Result<CheckoutReport> checkout(Workspace& workspace, std::vector<Tracked> wanted,
                                const CheckoutOptions& options, const Context& context);

/// Data of which no pointer or lock is left, and that a complete checkout would take away, or name where it
/// was changed. `tracked` is all that is tracked. Cost: one look-up for each record; files of a folder that
/// shares its place with others may be read.
Result<std::vector<std::string>> find_orphaned_data(Workspace& workspace, const std::vector<Tracked>& tracked,
                                                    const Context& context);

}  // namespace cairn::project
