// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "project/scan.h"
#include "project/workspace.h"

namespace cairn::ops {

/// True for data that cairn keeps, or that is inside such.
bool is_kept(const project::Materialised& materialised, std::string_view path);
/// True for a folder with such data in it.
bool keeps_inside(const project::Materialised& materialised, const std::string& folder);

/// What counts at a path for stages, with all ids known: in a folder that cairn does not keep, files that Git
/// ignores do not, but for what cairn keeps there, and neither do folders without files. Nothing where
/// nothing is.
Result<std::optional<project::Scan>> scan_counted(project::Workspace& workspace, const std::string& path,
                                                  const Context& context);

}  // namespace cairn::ops
