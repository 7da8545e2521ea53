// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "pipeline/graph.h"
#include "project/workspace.h"

namespace cairn::ops {

/// A folder in the project that holds what is installed for an environment.
struct PackageFolder {
  std::string kind;  ///< key of the environment's record: "python", "conda", "uv", "node"
  std::string path;  ///< project path
  /// The file that alone describes what is in it; "" where the folder itself is looked at.
  std::string lock;
};
std::vector<PackageFolder> package_folders(const pipeline::EnvironmentSpec& environment);

/// Makes those of these stages that are not in `tree` symlinks to those of `original`. What a lock describes
/// is linked only where `original` has the same lock.
Status link_environments(const project::Workspace& tree, const project::Workspace& original,
                         const pipeline::Graph& graph, const std::vector<pipeline::StageIndex>& stages);

}  // namespace cairn::ops
