// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "project/add.h"

namespace cairn::ops {

/// As project::add, but content goes to a remote (`name`; "" is core.remote) and nothing into the store: it
/// is cut, hashed, compressed and sent in one pass. Order: packs, their index, then .gitignore and pointers,
/// so that killed in between it leaves packs that nobody refers to. What the remote has is not sent again. A
/// first use starts the remote. `conflict` for a pointer that belongs to another remote, or is never pushed.
/// REQUIRES: the caller holds workspace.lock().
Result<project::AddReport> add_to_remote(project::Workspace& workspace, project::AddOptions options,
                                         const std::string& name, project::LockReader read_lock,
                                         const Context& context);

}  // namespace cairn::ops
