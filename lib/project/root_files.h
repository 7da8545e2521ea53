// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "os/root.h"

namespace cairn::project {

/// Content of a small file of cairn's own in the workspace (pointer, lock, .cairnignore), read without
/// following symlinks; nothing when there is none. A symlink, folder or special file there is `conflict`;
/// more than 16 MiB is `malformed`.
Result<std::optional<std::string>> find_text(const os::Root& root, std::string_view path);

}  // namespace cairn::project
