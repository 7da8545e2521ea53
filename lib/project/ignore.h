// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/wildmatch.h"
#include "project/workspace.h"

namespace cairn::project {

/// What the .cairnignore files say of one path.
struct IgnoreReport {
  std::string path;
  std::optional<git::IgnoreRule>
      rule;              ///< the one that decides about the path or a folder above it; its file and line
  bool ignored = false;  ///< false too when the deciding rule takes the path back ("!")
};

/// Explains each path. One that does not exist is taken for a file, or for a folder when it ends with "/".
Result<std::vector<IgnoreReport>> check_ignore(Workspace& workspace, const std::vector<std::string>& paths);

}  // namespace cairn::project
