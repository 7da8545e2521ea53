// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "git/layout.h"
#include "git/oid.h"

/// Named paths into Git's index, and into a commit. By the `git` program, which knows every kind of index.
/// Paths count from the top of the work tree.
namespace cairn::git {

/// Takes the paths into the index as they are in the work tree, or out of it where they are not there.
/// Whatever else the index holds stays. Returns those that differ from HEAD then, sorted.
Result<std::vector<std::string>> stage_paths(const Layout& layout, const std::vector<std::string>& paths);

/// Commits these paths alone, as `git commit --only`, with the user's hooks; what else is staged stays
/// staged. REQUIRES: `paths` came from stage_paths, and are not empty. Errors: `conflict` when Git refuses
/// (during a merge, no name of the user, a hook): the paths are staged then.
Result<Oid> commit_paths(const Layout& layout, const std::vector<std::string>& paths,
                         const std::string& message);

}  // namespace cairn::git
