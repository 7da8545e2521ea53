// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "project/workspace.h"

namespace cairn::ops {

struct VersionPushOptions {
  std::vector<std::string> names;  ///< versions, with the aliases that lead to them and verdicts on them;
                                   ///< none: all
  bool data = true;                ///< the versions' data first, to the remote of cairn
};

struct VersionPushReport {
  std::string remote;  ///< of Git
  std::vector<std::string> sent;
  std::size_t already_there = 0;
};

/// Sends versions, aliases and verdicts to the remote of Git, the data before. Errors: `not_found` for an
/// unknown version, no remote; `conflict` where the remote has another version of a name; `remote`.
Result<VersionPushReport> push_versions(project::Workspace& workspace, const VersionPushOptions& options,
                                        const Context& context);

}  // namespace cairn::ops
