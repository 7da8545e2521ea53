// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "project/tracked.h"

namespace cairn::project {

/// Whether data may be tracked at a path that is not tracked yet. What stands there is not looked at. Errors:
/// `usage` for what is no name of data; `exists` or `conflict` where something is tracked at, in or around
/// it, by cairn or by Git.
Status check_new_path(Workspace& workspace, const std::vector<Tracked>& tracked, const std::string& path);

}  // namespace cairn::project
