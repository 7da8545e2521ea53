// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "project/workspace.h"
#include "version/provenance.h"

namespace cairn::ops {

struct ProvenanceRequest {
  std::string path;      ///< project path: an out, tracked data, or something inside one
  std::string revision;  ///< "": the workspace
};

/// Where the content at a path came from, back to what no stage made: from the locks of that state, the
/// pointers, the runs that are remembered here, and Git's history. Nothing is run or changed. Errors:
/// `not_found` for a path that no stage made and cairn does not keep, with the nearest one; for an unknown
/// revision; for something that is not in an out. Cost: reads all locks of the state; then only what the path
/// came from.
Result<version::Provenance> find_provenance(project::Workspace& workspace, const ProvenanceRequest& request);

}  // namespace cairn::ops
