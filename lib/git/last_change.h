// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "git/repository.h"

namespace cairn::git {

/// The commit that changed something last.
struct LastChange {
  Oid commit;
  std::string author;     ///< "NAME <ADDRESS>"
  std::int64_t time = 0;  ///< when it was committed, seconds since 1970
};

/// For each path (a file, or a folder: whatever is in it) the newest commit that changed it, of those that
/// `from` leads to; merges that only joined changes do not count. Paths that were never there are left out.
/// In a shallow clone it may be the oldest commit that is here. Cost: one walk through the history for
/// hundreds of paths.
Result<std::map<std::string, LastChange>> last_changes(const Layout& layout, const Oid& from,
                                                       const std::vector<std::string>& paths);

}  // namespace cairn::git
