// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/context.h"

namespace cairn::ops {

/// A call of Git's: which hook, its arguments, and (pre-push) what Git says on standard input.
struct HookCall {
  std::string name;
  std::vector<std::string> arguments;
  std::string input;
};

/// What a hook does, in every cairn project of the repository that `folder` (absolute) is in; nothing outside
/// of one, nor where hooks are switched off (are_hooks_off).
///
/// post-*: follow_git. pre-commit: check_commit. pre-push: push_pushed. Errors: what a pre-* hook has to stop
/// Git for; those of post-* hooks are for the log only.
Status run_hook(const HookCall& given, const std::string& folder, Context& context);

}  // namespace cairn::ops
