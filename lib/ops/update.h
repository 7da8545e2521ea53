// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ops/import_place.h"

namespace cairn::ops {

struct UpdateOptions {
  std::vector<std::string> targets;      ///< project paths: imports, or folders that hold some; none: all
  std::string revision;                  ///< of other repositories; "": the one that was imported
  bool check = false;                    ///< only look whether the sources moved; nothing is written
  InTheWay changed = InTheWay::refused;  ///< local changes
};

enum class UpdateOutcome : std::uint8_t {
  unchanged,
  fixed,    ///< imported from a commit by its name, which never moves
  moved,    ///< the source did; with `check`
  updated,  ///< and the data here too
};

struct UpdatedPath {
  std::string path;
  std::string url;
  UpdateOutcome outcome = UpdateOutcome::unchanged;
  std::string before;          ///< commit, or version, ETag, time or listing of what was imported
  std::string after;           ///< the same as it is now
  bool same_content = false;   ///< the source moved, the data did not
  std::optional<Error> error;  ///< this one failed; the others are done
};

/// Looks at the sources of imports again, one after the other. A source that did not move costs one request
/// (of a folder one for each file); one that tells nothing is read anew. The project is locked for the last
/// step of each only. Errors: `not_found` for a target that is no import and holds none; `usage` for a
/// revision of data that is not of a repository; each path's own are in it.
Result<std::vector<UpdatedPath>> update(project::Workspace& workspace, const UpdateOptions& options,
                                        const Context& context);

}  // namespace cairn::ops
