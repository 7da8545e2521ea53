// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "git/repository.h"

namespace cairn::git {

/// The tree of commit `onto` with `folder` ("" is all of it) as it is in commit `from`, but for the file
/// `kept`, a path inside the folder, which stays as in `onto`. Written durably. `not_found` when `from` has
/// no such folder.
Result<Oid> graft_tree(Repository& repository, const Oid& onto, const Oid& from, const std::string& folder,
                       const std::string& kept);

}  // namespace cairn::git
