// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "project/workspace.h"

/// Internal to move.cc and undo.cc.
namespace cairn::project {

/// Renames data to a path that must be free, and lets the stat cache follow. The parent of `to` must exist.
Status move_data(Workspace& workspace, const std::string& from, const std::string& to);

}  // namespace cairn::project
