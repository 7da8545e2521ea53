// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "project/workspace.h"
#include "remote/remote.h"
#include "transport/metered.h"

namespace cairn::ops {

/// As open_remote, for reading; what is read is added to `meter`, which must outlive it.
Result<remote::Remote> open_metered_remote(project::Workspace& workspace, const std::string& name,
                                           const Context& context, transport::ReadMeter& meter);

}  // namespace cairn::ops
