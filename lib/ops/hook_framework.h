// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/git_hook.h"

namespace cairn::ops {

/// The call as Git made it, where the pre-commit framework stands in between: that passes neither arguments
/// nor standard input to its hooks, but sets PRE_COMMIT and variables of its own. Of a push it tells one ref.
HookCall as_git_called(HookCall call);

/// True when hooks are not to run: CAIRN_NO_HOOKS is set and not empty; or the framework has put changes of
/// the user's aside for a moment, and wants no post-checkout for that.
bool are_hooks_off(const std::string& hook);

}  // namespace cairn::ops
