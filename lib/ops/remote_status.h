// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "project/tracked.h"

namespace cairn::ops {

/// Where the content of a tracked path is. `in_part`: each side has something that the other lacks.
/// `nowhere`: some of it is on neither side.
enum class Whereabouts : std::uint8_t { on_both, only_here, only_there, in_part, nowhere };

struct RemoteStatus {
  project::Tracked tracked;
  std::string remote;  ///< name
  Whereabouts where = Whereabouts::on_both;
};

/// Compares what the workspace tracks with the remotes that it goes to (`name` in place of core.remote, if it
/// is not ""). What is never pushed (`push: false`) is left out. In order of paths. Errors: `not_found` when
/// a remote is not set; `remote` when one cannot be reached. Cost: each remote's index once, and a look-up
/// for each folder and file.
Result<std::vector<RemoteStatus>> remote_status(project::Workspace& workspace,
                                                const std::vector<project::Tracked>& tracked,
                                                const std::string& name, const Context& context);

}  // namespace cairn::ops
