// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace cairn::project {

/// `text` as one word of a POSIX shell (bash for bytes that cannot be shown): as it is where nothing in it is
/// special, else quoted.
std::string shell_word(std::string_view text);
/// The same, always quoted.
std::string shell_quoted(std::string_view text);

/// A next command for the user: "cairn checkout 'my data'".
std::string command_hint(std::string_view command, std::string_view path);

}  // namespace cairn::project
