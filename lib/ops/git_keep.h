// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/oid.h"
#include "project/workspace.h"

namespace cairn::ops {

struct GitKeepReport {
  std::vector<std::string> staged;  ///< project paths that differ from HEAD now
  std::optional<git::Oid> commit;   ///< that holds them
};

/// Whether core.autostage is set, in a project with Git.
bool is_autostaged(project::Workspace& workspace);

/// Puts what the command wrote for Git (Workspace::git_files) into Git's index, and with a message into a
/// commit of its own. Nothing where nothing was written. REQUIRES: the caller does not hold workspace.lock():
/// hooks of the commit take it. Errors: as git/index_paths.h; `unsupported` in a project without Git.
Result<GitKeepReport> keep_in_git(project::Workspace& workspace, const std::optional<std::string>& message);

}  // namespace cairn::ops
