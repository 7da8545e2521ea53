// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "project/project_paths.h"

namespace cairn::project {

/// The store's folder: cache.dir where it is set (a relative one is relative to the root), else the default.
std::string store_folder(const ProjectPaths& paths, const Config& config);

}  // namespace cairn::project
