// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "ops/rollback.h"

namespace cairn::cmd {

/// What a rollback changed, or would: files of Git's, data and stages, with the commit.
Outcome outcome_of(const Invocation& invocation, const ops::RollbackReport& report);

}  // namespace cairn::cmd
