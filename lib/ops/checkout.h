// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "project/checkout.h"

namespace cairn::ops {

struct CheckoutRequest {
  std::vector<std::string> targets;  ///< project paths, paths in tracked folders, or globs; none: everything
  bool force = false;                ///< overwrite changed files too, after storing them
  bool dry_run = false;
};

/// project::checkout() of what the request names, from the local store; without targets data whose pointer is
/// gone is removed too. Of a path in a tracked folder only that part is touched. `not_found` where such a
/// path is not in its folder, or the folder not in the store; nothing is done then. REQUIRES: the caller
/// holds workspace.lock().
Result<project::CheckoutReport> checkout(project::Workspace& workspace, project::LockReader read_lock,
                                         const CheckoutRequest& request, const Context& context);

}  // namespace cairn::ops
