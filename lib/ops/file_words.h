// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "project/tree_changes.h"

namespace cairn::ops {

/// "modified data/a.csv", "renamed a.csv -> b.csv".
std::string describe_file(const project::FileChange& change);

}  // namespace cairn::ops
