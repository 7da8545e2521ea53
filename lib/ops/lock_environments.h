// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "project/workspace.h"
#include "remote/transfer.h"

namespace cairn::ops {

/// Records of environments that the locks name: of the workspace, or of commits where there are any. Each
/// once.
Result<std::vector<remote::Root>> find_environments(project::Workspace& workspace,
                                                    const std::vector<git::Oid>& commits);

}  // namespace cairn::ops
