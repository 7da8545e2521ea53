// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/result.h"

namespace cairn::git {

/// Where a Git repository has its parts. All paths are absolute, without symlinks of the folder the search
/// began in.
struct Layout {
  std::string work_tree;  ///< top folder of the checked-out files; "" when bare
  std::string git_dir;  ///< what belongs to this work tree: HEAD, index ("…/.git", "…/.git/worktrees/NAME")
  std::string
      common_dir;  ///< what all work trees share: objects, refs, config; git_dir unless this is a linked one
  bool bare = false;  ///< there is no work tree here
};

/// The repository that `start` (an existing folder) lies in, as Git finds it: GIT_DIR, GIT_WORK_TREE and
/// GIT_COMMON_DIR where set (relative ones from `start`), else upwards from `start` for a `.git` folder or
/// file or a bare repository, not above GIT_CEILING_DIRECTORIES. Nothing when there is none; a `.git` file or
/// GIT_DIR that leads nowhere is `malformed`. Unlike Git it looks beyond mount points. Cost: a few stats a
/// folder and one or two small files read; libgit2 is not touched.
Result<std::optional<Layout>> find_layout(const std::string& start);

}  // namespace cairn::git
