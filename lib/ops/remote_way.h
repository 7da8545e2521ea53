// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "project/workspace.h"
#include "remote/remote.h"
#include "transport/metered.h"

/// From a remote's name in the settings to the remote. Everywhere "" is core.remote. Error `not_found` when
/// there is none of that name, with the command that adds it. The context must outlive what is returned.
namespace cairn::ops {

/// A remote's name and the way to it; nothing is opened yet.
struct RemoteWay {
  std::string name;
  std::unique_ptr<transport::Transport> transport;
};
Result<RemoteWay> find_way(project::Workspace& workspace, const std::string& name, const Context& context);

/// The remote, opened: see remote::Remote.
Result<remote::Remote> open_remote(project::Workspace& workspace, const std::string& name,
                                   remote::Purpose purpose, const Context& context);
/// The same for reading; what is read is added to `meter`, which must outlive it.
Result<remote::Remote> open_metered_remote(project::Workspace& workspace, const std::string& name,
                                           const Context& context, transport::ReadMeter& meter);

}  // namespace cairn::ops
