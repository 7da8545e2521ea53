// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "project/tree_changes.h"

namespace cairn::cmd {

/// "added", "modified", …: the same for people and in JSON.
std::string kind_name(project::ChangeKind kind);

/// "added     prices.csv  (19 B)"; of a modified one with the part that is new, where that is known.
std::string change_line(const Invocation& invocation, const project::FileChange& change);
/// "19 B -> 26 B"; "" of a symlink.
std::string size_words(const project::FileChange& change);
/// "34.0 % changed", "executable bit", "content not here"; "" where there is nothing to say.
std::string content_words(const project::FileChange& change);

/// One line a change, each behind `indent`; long lists are cut.
std::string change_lines(const Invocation& invocation, const std::vector<project::FileChange>& changes,
                         const std::string& indent);

/// {"kind":"file","hash":…,"size":…}
Json side_json(const project::ChangeSide& side);

/// [{"kind":"modified","path":…,"old_path":…,"before":{…},"after":{…},
/// "changed_bytes":…,"listed":false}]
Json changes_json(const std::vector<project::FileChange>& changes);

}  // namespace cairn::cmd
