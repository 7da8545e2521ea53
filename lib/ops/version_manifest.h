// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "pipeline/graph.h"
#include "project/workspace.h"
#include "version/manifest.h"

namespace cairn::ops {

/// What a version of HEAD is made of, as it is in the workspace, which must not differ from HEAD. Name and
/// message are left to the caller. Errors: a metric that is not here (`not_found`) or cannot be read.
/// REQUIRES: there is a HEAD, and every stage of the graph has its block in the lock.
Result<version::Manifest> make_manifest(project::Workspace& workspace, const pipeline::Graph& graph);

}  // namespace cairn::ops
