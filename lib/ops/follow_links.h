// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "project/workspace.h"

namespace cairn::ops {

/// Where the symlinks on the way to a path lead, from the project root; the path itself where there are none,
/// or where nothing is. `conflict` for one that leads out of the project, or for too many.
Result<std::string> follow_links(project::Workspace& workspace, const std::string& path);

}  // namespace cairn::ops
