// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "git/layout.h"

namespace cairn::git {

/// What Git did to the files of a work tree before it called a post-* hook.
struct HookMove {
  enum class Kind {
    nothing,     ///< nothing that counts: the user's own commit, or a rebase that goes on
    files,       ///< it wrote single files, or the same commit again
    commits,     ///< it went from one commit to another
    everything,  ///< anything may be different
  };
  Kind kind = Kind::nothing;
  std::string from;  ///< of `commits`: revisions
  std::string to;
};

/// Told by the hook's arguments and by what Git left in its folder. During a rebase nothing counts but its
/// start, when it has no commit to apply and no other hook will come, and its end. A commit counts when Git
/// itself brought the files (merge, cherry-pick, revert), which the reflog says. Cost: a few stats, and the
/// end of the reflog.
Result<HookMove> find_hook_move(const Layout& layout, const std::string& hook,
                                const std::vector<std::string>& arguments);

}  // namespace cairn::git
