// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "project/workspace.h"
#include "remote/metered.h"
#include "remote/remote.h"

namespace cairn::ops {

/// As open_remote, for reading; what is read is added to `meter`, which must outlive it.
Result<remote::Remote> open_metered_remote(project::Workspace& workspace, const std::string& name, Log& log,
                                           remote::ReadMeter& meter);

}  // namespace cairn::ops
