// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "project/workspace.h"

namespace cairn::project {

/// Files and symlinks of a commit that belong to this project and fit `filter`, with paths from its root.
/// Those of projects inside it are left out, and those that .cairnignore names. `memo`, if given, is for one
/// filter.
Result<std::vector<git::TreeFile>> project_files_at(Workspace& workspace, const git::Oid& commit,
                                                    git::NameFilter filter, git::ListingMemo* memo = nullptr);

/// Of these files of the commit (paths from the top of Git's work tree) those that belong to this project, as
/// above. Cost: a look for each folder that they are in or below.
Result<std::vector<git::TreeFile>> keep_project_files(Workspace& workspace, const git::Oid& commit,
                                                      std::vector<git::TreeFile> files);

}  // namespace cairn::project
