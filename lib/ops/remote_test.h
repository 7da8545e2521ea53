// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "project/workspace.h"
#include "remote/probe.h"

namespace cairn::ops {

struct RemoteTest {
  std::string name;   ///< of the remote
  std::string place;  ///< "folder '/mnt/data'"
  std::string login;  ///< where the login comes from; "" for none
  remote::ProbeReport probe;
};

/// Tries a remote ("": core.remote): see remote::probe. What a step met is in the report; errors are those of
/// finding the remote in the settings.
Result<RemoteTest> test_remote(project::Workspace& workspace, const std::string& name,
                               const Context& context);

}  // namespace cairn::ops
