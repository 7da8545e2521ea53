// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "git/repository.h"

namespace cairn::git {

/// The hooks that keep data in step with commits. Each runs `cairn git-hook NAME ARGUMENTS…`.
/// post-*: whatever cairn says, Git goes on. pre-*: a status of cairn other than 0 stops Git, and so does
/// that of a hook that was there before. Where cairn itself is missing, each prints one line and lets Git go
/// on.
inline constexpr std::array<std::string_view, 6> kHookNames = {"post-checkout", "post-commit", "post-merge",
                                                               "post-rewrite",  "pre-commit",  "pre-push"};

enum class HookStatus {
  absent,     ///< cairn is not in this hook
  installed,  ///< as this version writes it
  outdated,   ///< written by another version, or changed by hand
  disabled,   ///< installed, but not executable, so Git does not run it
};

struct HookState {
  std::string name;
  std::string path;
  HookStatus status = HookStatus::absent;
  bool chained = false;  ///< a hook that was there before runs after cairn, from NAME.cairn-chained
};

/// State of each of kHookNames, in that order.
Result<std::vector<HookState>> hook_state(Repository& repository);

/// Puts cairn into the hooks of this repository (Repository::hooks_folder, or where husky keeps those that it
/// runs from there; a hook of cairn's that the pre-commit framework took over stays where that put it) and
/// records `program`, the
/// absolute path of cairn, as `cairn.program` in its local configuration. An existing shell script gets
/// cairn's block behind its first line and goes on as before; any other hook, and one that is not executable,
/// is kept as NAME.cairn-chained and run from there with the same arguments, input and status. Returns the
/// names of the hooks that were changed: none the second time. Killed half-way, no hook is lost and running
/// it again completes it. `conflict` when the hooks folder is no folder, or both NAME and NAME.cairn-chained
/// hold a foreign hook.
Result<std::vector<std::string>> install_hooks(Repository& repository, const std::string& program);

/// Takes cairn out again: what was there before is restored byte for byte. Returns the names of the hooks
/// changed. `conflict` when a hook that runs a chained one was changed by hand.
Result<std::vector<std::string>> uninstall_hooks(Repository& repository);

}  // namespace cairn::git
