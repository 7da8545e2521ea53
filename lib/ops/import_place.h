// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/context.h"
#include "project/pointer.h"
#include "project/workspace.h"

/// Where imported data goes. Paths are project paths. Internal to ops/.
namespace cairn::ops {

/// What may be in the way of an import.
enum class InTheWay : std::uint8_t {
  refused,
  replaced,  ///< it is stored first, so that undo brings it back
};

/// Whether data may be imported to a path. Errors: as project::check_new_path; `exists` for what is there or
/// tracked by a pointer, unless it is replaced; `conflict` for what a stage makes.
Status check_import_path(project::Workspace& workspace, const std::string& path, InTheWay in_the_way);

/// Makes the pointer, whose content is in the store, the path's, and puts the data there. The user's own keys
/// of a pointer that is there stay. Changed data is a `conflict`, unless it is replaced; then nothing was
/// written. Killed meanwhile, `cairn checkout` finishes it. REQUIRES: workspace.lock() is held.
Status place_import(project::Workspace& workspace, const std::string& path, project::Pointer pointer,
                    InTheWay in_the_way, const Context& context);

}  // namespace cairn::ops
