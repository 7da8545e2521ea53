// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "project/tree_changes.h"

namespace cairn::ops {

/// "added", "modified", "deleted", "type_changed", "renamed": for people and in JSON.
std::string_view change_word(project::ChangeKind kind);

/// "modified data/a.csv", "renamed a.csv -> b.csv".
std::string describe_file(const project::FileChange& change);

}  // namespace cairn::ops
