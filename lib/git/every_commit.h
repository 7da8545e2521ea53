// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

#include "git/repository.h"

namespace cairn::git {

/// Every commit that anything leads to: refs, stashes and reflogs of all work trees here, and branches, tags
/// and cairn's refs of all remotes that Git knows, from which missing commits are fetched; no ref changes. As
/// Git writes them. Errors: `remote` when a fetch fails; `unsupported` in a shallow clone, and where Git
/// knows no remote. Memory: about 100 bytes a commit.
Result<std::set<std::string>> every_commit(Repository& git);

}  // namespace cairn::git
