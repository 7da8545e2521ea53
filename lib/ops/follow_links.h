// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "project/workspace.h"

namespace cairn::ops {

/// Where the symlinks on the way to a path lead, from the project root; the path itself where there are none,
/// or where nothing is. `conflict` for one that leads out of the project, or for too many.
Result<std::string> follow_links(project::Workspace& workspace, const std::string& path);

/// The symlinks on the way to a path and what they lead to; the path itself where there are none. Of a path
/// that leads out of the project: the symlinks before that, and the path.
Result<std::vector<std::string>> with_links(project::Workspace& workspace, const std::string& path);

}  // namespace cairn::ops
