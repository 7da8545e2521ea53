// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "project/tree_changes.h"

namespace cairn::cmd {

/// "added", "modified", …: the same for people and in JSON.
std::string kind_name(project::ChangeKind kind);

/// One line a change, each behind `indent`; long lists are cut.
std::string change_lines(const Invocation& invocation, const std::vector<project::FileChange>& changes,
                         const std::string& indent);

/// {"kind":"file","hash":…,"size":…}
Json side_json(const project::ChangeSide& side);

/// [{"kind":"modified","path":…,"old_path":…,"before":{…},"after":{…}}]
Json changes_json(const std::vector<project::FileChange>& changes);

}  // namespace cairn::cmd
