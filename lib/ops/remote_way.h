// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "project/workspace.h"
#include "transport/transport.h"

namespace cairn::ops {

/// A remote's name and the way to it.
struct RemoteWay {
  std::string name;
  std::unique_ptr<transport::Transport> transport;
};

/// The way to the remote of that name ("": core.remote); nothing is opened yet. `not_found` when there is
/// none, with the command that adds it. The context must outlive the transport.
Result<RemoteWay> find_way(project::Workspace& workspace, const std::string& name, const Context& context);

}  // namespace cairn::ops
