// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
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

/// Takes the paths into the index as they are in the work tree (or not there), which settles them.
Status mark_merged(const Layout& layout, std::span<const std::string> paths);

}  // namespace cairn::git
