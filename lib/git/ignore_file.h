// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cairn::git {

/// cairn's block in a .gitignore: the lines between "# >>> cairn" and "# <<< cairn", one "/NAME" a line, each
/// new one put where the order of bytes has it. Whatever else stands in the file, or was put into the block
/// by hand, stays as it is, line ends included.

/// The line that makes Git ignore exactly `name` (one part of a path) in the .gitignore's own folder. A name
/// with a newline or NUL cannot be written there: `unsupported`.
Result<std::string> ignore_line(std::string_view name);

/// The content of a .gitignore with `add` put into the block and `remove` taken out; equal to `text` if there
/// was nothing to do. An emptied block goes with its markers. A block that is not closed is `malformed`.
Result<std::string> edit_ignore_text(std::string_view text, const std::vector<std::string>& add,
                                     const std::vector<std::string>& remove);

/// The content without cairn's blocks and the names in them; all of it where one is not closed.
std::string without_own_lines(std::string_view text);

/// Edits `folder`/.gitignore, atomically and durably; true if the file was changed. The file is made when
/// needed and removed when nothing is left in it. A .gitignore that is a symlink, which Git does not read, is
/// `conflict`. Not for several writers at once: the caller holds the project's lock.
Result<bool> set_ignored(const std::string& folder, const std::vector<std::string>& add,
                         const std::vector<std::string>& remove);

}  // namespace cairn::git
