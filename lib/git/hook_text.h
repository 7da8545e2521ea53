// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace cairn::git {

/// cairn's part of a hook is a block of POSIX shell between the lines "# >>> cairn" and "# <<< cairn". It
/// works under `set -eu`, names no path of this machine, and leaves arguments and standard input to what
/// follows it. Functions here are pure; `hook` is one of kHookNames.

/// What follows the block in its file: the rest of the user's script, or nothing but the user's hook under
/// the name chained_name(), which the block then becomes (so that its exit status counts).
enum class AfterBlock { rest_of_script, chained_hook };

/// "pre-push.cairn-chained", where a hook that is no shell script is kept.
std::string chained_name(std::string_view hook);

/// A hook file of cairn's own.
std::string own_hook(std::string_view hook, AfterBlock after);

/// True for text that a block can be put into: it begins with the line of a shell that understands POSIX (sh,
/// bash, dash, ash, ksh) and holds no NUL.
bool is_shell_script(std::string_view text);

/// True for a hook that the pre-commit framework wrote. It runs the hook that it found there before, as
/// NAME.legacy.
bool is_of_framework(std::string_view text);

/// The block as it stands in `text`, markers included; nothing when there is none. Without its end:
/// `conflict`.
Result<std::optional<std::string>> find_block(std::string_view text);

/// `text` with the block put behind its first line (before it, where that names no shell; behind the second,
/// where by that husky runs the script again), or in the place of the block that is there.
Result<std::string> with_block(std::string_view text, std::string_view hook, AfterBlock after);

/// `text` without the block; "" when only what own_hook() wrote would be left.
Result<std::string> without_block(std::string_view text);

/// The block that this version writes.
std::string hook_block(std::string_view hook, AfterBlock after);

}  // namespace cairn::git
