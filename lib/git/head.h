// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "git/repository.h"

namespace cairn::git {

/// What Git has begun in this work tree and not ended: "merge", "rebase", "am", "cherry-pick", "revert",
/// "bisect"; "" for nothing.
Result<std::string> unfinished_operation(const Layout& layout);

/// Moves the checked-out branch, or the detached HEAD, from one commit to another, durably and with `reason`
/// in the reflog; index and work tree stay. `conflict` when it is not at `from` any more.
Status move_head(Repository& repository, const Oid& from, const Oid& to, const std::string& reason);

}  // namespace cairn::git
