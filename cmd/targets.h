// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "command.h"
#include "project/tracked.h"

namespace cairn::cmd {

/// The user's words as project paths. `usage` for one outside the project.
Result<std::vector<std::string>> project_paths(const Invocation& invocation,
                                               const std::vector<std::string>& words);

/// As project_paths, but a word that names nothing and holds *, ? or [ is a glob: all paths that it matches,
/// sorted. `not_found` for a glob without a match.
Result<std::vector<std::string>> expand_targets(const Invocation& invocation,
                                                const std::vector<std::string>& words);

/// What a revision tracks; the workspace's own pointers and locks for "".
Result<std::vector<project::Tracked>> tracked_at(const Invocation& invocation, const std::string& revision);

/// A project path as the user would type it from where the command runs.
std::string shown_path(const Invocation& invocation, const std::string& path);

}  // namespace cairn::cmd
