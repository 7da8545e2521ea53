// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"

namespace cairn::cmd {

// One function a file cmd_NAME.cc; a file may hold the subcommands of one noun.
Command version_command();

}  // namespace cairn::cmd
