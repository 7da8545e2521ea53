// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "project/workspace.h"

namespace cairn::ops {

/// Lets an alias stand for a version. Errors: as version::find_version and set_alias; `conflict` where the
/// setting versions.verified_tags wants a verdict first.
Status tag_version(project::Workspace& workspace, const std::string& name, const std::string& alias);

/// Takes a version's name away. `conflict` while an alias stands for it, unless forced. Data stays.
struct RemovedVersion {
  std::string commit;
  std::string remote;  ///< of Git, that has it too as far as is known; "": none
};
enum class Force : std::uint8_t { no, yes };
Result<RemovedVersion> remove_named_version(project::Workspace& workspace, const std::string& name,
                                            Force force);

}  // namespace cairn::ops
