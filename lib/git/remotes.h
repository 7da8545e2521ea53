// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/repository.h"

namespace cairn::git {

/// Names of the remotes that Git knows here, sorted. Cost: asks the `git` program.
Result<std::vector<std::string>> remote_names(const Layout& layout);
/// The remote of the current branch, else origin, else the only one; nothing where there is none to choose.
Result<std::optional<std::string>> default_remote(Repository& git);

}  // namespace cairn::git
