// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

#include "base/result.h"
#include "git/repository.h"

namespace cairn::git {

using PathSet = std::set<std::string, std::less<>>;

/// Paths that a commit now would change: those of the index (GIT_INDEX_FILE, as in a hook) that differ from
/// HEAD; before the first commit all. Cost: a process that reads the index.
Result<PathSet> staged_paths(Repository& repository);

/// Those of `paths` that Git tracks and that differ between index and work tree. Cost: as above, and a stat
/// of each.
Result<PathSet> unstaged_among(const Layout& layout, const PathSet& paths);

}  // namespace cairn::git
