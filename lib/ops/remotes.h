// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "project/workspace.h"

namespace cairn::ops {

/// Names a place; it becomes the default when there is none yet, or `make_default`. True when it is the
/// default now. `exists` when the name is taken, `unsupported` or `usage` for a URL that names no place this
/// build can reach; nothing is opened.
struct NewRemote {
  std::string name;
  std::string url;
  bool make_default = false;
  project::ConfigLevel level = project::ConfigLevel::project;
};
Result<bool> add_remote(project::Workspace& workspace, const NewRemote& remote);

/// Takes a remote out of the settings and forgets what this machine knew of the place; the data there stays.
/// It stops being the default. `not_found` when there is no remote of that name.
Status remove_remote(project::Workspace& workspace, const std::string& name);

}  // namespace cairn::ops
