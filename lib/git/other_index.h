// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "git/program.h"

namespace cairn::git {

/// As run_git, with the file `index` (absolute) in place of Git's index.
Result<std::string> run_git_on_index(const Layout& layout, const std::string& index,
                                     const std::vector<std::string>& arguments);

}  // namespace cairn::git
