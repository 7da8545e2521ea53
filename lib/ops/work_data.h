// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "pipeline/graph.h"
#include "project/tracked.h"
#include "project/workspace.h"

namespace cairn::ops {

/// What is done about data that the store lacks.
enum class MissingData : std::uint8_t { refuse, fetch };

/// Puts data into a new work tree that the selected stages need and none of them makes: tracked data and outs
/// of others that are their deps, outs of frozen stages, previous content of persistent outs. Environments
/// that stages name inside the project (a virtual environment, a Conda prefix, node_modules) and that Git
/// does not track become symlinks to those of `original`. Errors: `not_found` for data that the store lacks,
/// with MissingData::fetch those of fetch_missing.
Status place_needed_data(project::Workspace& workspace, const project::Workspace& original,
                         const pipeline::Graph& graph, const std::vector<pipeline::StageIndex>& selection,
                         MissingData missing, const Context& context);

/// Makes the store hold all of this: what it lacks comes from the remote that is named for it, else from the
/// default one, which are opened only then. Errors: `remote`, naming the first path, for what is nowhere;
/// those of remote::fetch.
Status fetch_missing(project::Workspace& workspace, const std::vector<project::Tracked>& data,
                     const Context& context);

}  // namespace cairn::ops
