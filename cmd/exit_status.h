// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.h"

namespace cairn::cmd {

/// Exit statuses of every command (docs/reference/exit-status.md). Never renumber.
inline constexpr int kExitOk = 0;
inline constexpr int kExitNo = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitPartial = 3;
inline constexpr int kExitIntegrity = 4;
inline constexpr int kExitLocked = 5;
inline constexpr int kExitNoRepository = 6;
inline constexpr int kExitRemote = 7;
inline constexpr int kExitStageFailed = 8;
inline constexpr int kExitFailed = 9;
inline constexpr int kExitBug = 70;
inline constexpr int kExitInterrupted = 130;

int exit_status(Code code);

/// Name of a code in JSON documents ("not_found").
const char* code_name(Code code);

}  // namespace cairn::cmd
