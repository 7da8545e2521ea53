// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "git/layout.h"

namespace cairn::project {

/// Says why no project stands in `folder` (absolute) or above it though Git tracks one there: a sparse
/// checkout leaves .cairn out, or it was removed; `no_repository` with the command that brings it back. Also
/// the error of a repository that cairn cannot read. Nothing otherwise. Cost: Git's index is read.
Status check_left_out(const git::Layout& layout, const std::string& folder);

}  // namespace cairn::project
