// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "project/workspace.h"

namespace cairn::ops {

/// Puts data into a new work tree that the selected stages (targets as of repro) need and no selected stage
/// makes: tracked data and outs of others that are their deps, outs of frozen stages, previous content of
/// persistent outs. Environments that stages name inside the project (a virtual environment, a Conda prefix,
/// node_modules) and that Git does not track become symlinks to those of `original`. Errors: `not_found` for
/// data that the store lacks.
Status place_needed_data(project::Workspace& workspace, const project::Workspace& original,
                         const std::vector<std::string>& targets, const std::string& folder,
                         const Context& context);

}  // namespace cairn::ops
