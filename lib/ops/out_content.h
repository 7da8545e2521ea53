// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/context.h"
#include "pipeline/lock.h"
#include "project/workspace.h"

/// What stands at the paths of a stage's outs. Internal to ops/.
namespace cairn::ops {

/// Paths with what they are to be; nothing: nothing is to be there.
using OutStates = std::vector<std::pair<std::string, std::optional<pipeline::PathState>>>;

project::Materialised::Entry entry_of(const pipeline::PathState& state);

/// Content of one out, stored where `writer` is given; nothing where nothing is.
Result<std::optional<pipeline::PathState>> read_out(project::Workspace& workspace, const std::string& path,
                                                    store::Writer* writer, const Context& context);

/// Brings paths to the wanted states; what is in the way is stored first, so nothing is lost. REQUIRES:
/// workspace.lock() is held.
Status apply_outs(project::Workspace& workspace, const OutStates& wanted, const Context& context);

/// Paths that cairn keeps and a glob matches, sorted.
Result<std::vector<std::string>> kept_matches(project::Workspace& workspace, const std::string& pattern);

}  // namespace cairn::ops
