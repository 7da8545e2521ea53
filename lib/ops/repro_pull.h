// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "pipeline/graph.h"
#include "project/workspace.h"
#include "remote/remote.h"

namespace cairn::ops {

/// What `repro --pull` brings before it begins: the results that the remote knows of, and data that selected
/// stages read, that is not here, and that none of them makes. Outs come when a stage needs them.
Status pull_for_repro(project::Workspace& workspace, const remote::Remote& remote,
                      const std::string& remote_name, const pipeline::Graph& graph,
                      const std::vector<pipeline::StageIndex>& selection, const Context& context);

}  // namespace cairn::ops
