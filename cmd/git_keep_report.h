// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "command.h"
#include "ops/git_keep.h"

namespace cairn::cmd {

/// The command line without --commit, as the message of the commit. `words` are those after the program's
/// name.
std::string message_of_call(const std::vector<std::string>& words);

/// Adds what was staged or committed: a line of text, {"staged":[…],"commit":…|null}, or the error.
void add_to_outcome(const Result<ops::GitKeepReport>& kept, Outcome& outcome);

}  // namespace cairn::cmd
