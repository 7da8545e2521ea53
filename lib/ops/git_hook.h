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
/// of one.
///
/// post-checkout, post-merge, post-rewrite: the workspace is made equal to its pointers, as `cairn checkout`
/// does, without any network; during a rebase only at its end. pre-commit: warns of data that differs from
/// its pointer. pre-push: sends the data of the commits that are pushed to the default remote, if there is
/// one. Errors: what a pre-* hook has to stop Git for; those of post-* hooks are for the log only.
Status run_hook(const HookCall& call, const std::string& folder, const Context& context);

}  // namespace cairn::ops
