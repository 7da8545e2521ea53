// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "git/layout.h"

namespace cairn::git {

/// Runs `git ARGUMENTS…` in this repository, whatever the current folder and GIT_DIR are, and returns what it
/// wrote. For what libgit2 cannot do; a few ms a call. A failure carries the first line of what Git said.
Result<std::string> run_git(const Layout& layout, const std::vector<std::string>& arguments);
/// The same for a call that may ask for a password: it has the terminal meanwhile. Not for several threads at
/// once.
Result<std::string> run_git_on_terminal(const Layout& layout, const std::vector<std::string>& arguments);
/// The same with `input` on its standard input.
Result<std::string> run_git_with_input(const Layout& layout, const std::vector<std::string>& arguments,
                                       std::string_view input);

}  // namespace cairn::git
