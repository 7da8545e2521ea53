// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cairn::git {

/// Last value of `section`.`key` (both in lower case, a section without subsection) in the text of one Git
/// config file, without following includes, as Git itself reads what belongs to the repository's format.
/// "true" for a key without "=". For the few values that are needed before libgit2 is worth its start-up
/// time.
std::optional<std::string> find_in_config(std::string_view text, std::string_view section,
                                          std::string_view key);

/// Git's spellings of true: true, yes, on, and numbers but 0.
bool is_true(std::string_view value);

}  // namespace cairn::git
