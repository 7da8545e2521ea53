// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "git/repository.h"

/// Index and work tree brought from one commit to another, as `git checkout` does it, with HEAD left alone.
/// What the two commits have alike stays as it is. Sparse checkouts, filters and line ends are Git's own
/// work. Files that Git ignores are overwritten as Git overwrites them: the caller looks for them first.
namespace cairn::git {

/// `conflict`, naming a path, when files that differ between the commits were changed, or untracked ones are
/// in the way; `locked` while another program holds Git's index. Nothing is changed.
Status check_switch(const Layout& layout, const Oid& from, const Oid& to);

/// Does it; errors as check_switch, before anything is changed. When it is killed, index and HEAD of Git are
/// whole, and calling it again goes on: a file that Git had half written is told by its bytes, which are the
/// beginning of the wanted ones, and written anew. Index.lock is held meanwhile (`locked` when another
/// program holds it); one that a killed call left is taken over. What `repository` has read
/// of the index is stale afterwards. REQUIRES: no two calls at once for one work tree.
Status switch_tree(Repository& repository, const Oid& from, const Oid& to);

}  // namespace cairn::git
