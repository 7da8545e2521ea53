// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "project/tracked.h"
#include "store/tree.h"

namespace cairn::project {

/// One line of `cairn ls`: a tracked path, or something inside a tracked folder.
struct ListEntry {
  std::string path;  ///< project path
  store::TreeKind kind = store::TreeKind::file;
  store::Id id;                        ///< zero for a symlink
  std::uint64_t size = 0;              ///< bytes; of a folder all that is below
  std::optional<std::uint64_t> files;  ///< of a folder; nothing when its object is not in the local store
  std::string target;                  ///< of a symlink
  std::string declared_in;             ///< pointer or lock of a tracked path; "" for what is inside one
};

enum class ListDepth { one, all };

/// Tracked paths at or below `path` ("" for the whole project). When it is a tracked folder or inside one:
/// what is in that folder (or the file itself). ListDepth::all goes into folders, parents before what is in
/// them. Errors: `not_found` when nothing is there, or a needed folder object is not in the local store (then
/// the hint is `cairn fetch`). Reads only folder objects, never the workspace. Give the tracked paths of a
/// commit for `--rev`.
Result<std::vector<ListEntry>> list_tracked(Workspace& workspace, const std::vector<Tracked>& tracked,
                                            const std::string& path, ListDepth depth);

}  // namespace cairn::project
