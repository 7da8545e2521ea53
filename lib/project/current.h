// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "project/scan.h"
#include "project/tree_changes.h"

namespace cairn::project {

/// What stands at one path of the workspace now, with the folder objects that it would have.
struct Current {
  std::optional<Materialised::Entry>
      entry;                       ///< nothing when the path does not exist, or `errors` is not empty
  std::vector<ScannedTree> trees;  ///< of a folder; the folder itself first
  std::vector<Error> errors;       ///< what could not be looked at
};

/// Scans a path and reads what the stat cache does not know. Trouble with the path is in `errors`; the
/// returned error is `interrupted`.
Result<Current> read_current(Workspace& workspace, const std::string& path, const Context& context);

/// Looks in the trees of `current` first, then in the store. Both must outlive it. For one thread.
TreeLookup tree_lookup(const Current& current, store::Reader& reader);

}  // namespace cairn::project
