// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "git/shared_refs.h"

namespace cairn::git {

struct SharedPush {
  std::vector<std::string> sent;  ///< names of refs on the remote that are new there
  std::size_t already_there = 0;
};

/// Sends what of these is not on the remote of Git yet, with all that it leads to; nothing there is ever
/// moved. Entries of a series go behind those that are there. Fetches first. `refs`: full names of refs of
/// here, as shared_ref gives them. Errors: `conflict` when the remote has another version of a name; what Git
/// says, as `remote`.
Result<SharedPush> push_shared(Repository& git, const std::string& remote,
                               const std::vector<SharedRef>& refs);

}  // namespace cairn::git
