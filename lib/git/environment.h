// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace cairn::git {

/// Git tells the hooks and aliases of a repository by GIT_DIR, GIT_INDEX_FILE and others which one it is. For
/// a cairn that is started there in another one, as in a submodule, they are wrong: they are taken out of
/// this process's environment where the `.git` that `folder` (absolute) lies below is of another repository.
/// A work tree that GIT_WORK_TREE names keeps its GIT_DIR. REQUIRES: no other thread runs. Cost: as
/// find_layout; nothing where they are not set.
void forget_other_repository(const std::string& folder);

}  // namespace cairn::git
