// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "git/layout.h"
#include "git/oid.h"

namespace cairn::git {

/// A path that a merge left open: the blobs of its sides, each missing where that side lacks the path.
struct Unmerged {
  std::string path;  ///< from the top of the work tree
  std::optional<Oid> base;
  std::optional<Oid> ours;
  std::optional<Oid> theirs;
};

/// What the index holds open, in order of bytes, by the `git` program.
Result<std::vector<Unmerged>> unmerged_paths(const Layout& layout);

/// Takes the path into the index as it is in the work tree (or not there), which settles it.
Status mark_merged(const Layout& layout, const std::string& path);

}  // namespace cairn::git
