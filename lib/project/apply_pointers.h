// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "project/pointer.h"
#include "project/workspace.h"

/// Pointers of tracked data. All paths are the data's.
namespace cairn::project {

/// Text of the pointer; nothing where there is none.
Result<std::optional<std::string>> find_pointer_text(Workspace& workspace, const std::string& path);
/// The pointer itself; nothing where there is none.
Result<std::optional<Pointer>> find_pointer(Workspace& workspace, const std::string& path);
/// Writes the pointer durably, or removes it (no text). No write if its bytes are the same.
Status set_pointer_text(Workspace& workspace, const std::string& path,
                        const std::optional<std::string>& text);

}  // namespace cairn::project
