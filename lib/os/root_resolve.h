// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "os/fd.h"

namespace cairn::os {

/// openat(2) of `path` below folder `dir` that follows no symlink, neither on the way nor at the end, and
/// never leaves `dir`. `path` is relative, as check_relative allows. Always O_CLOEXEC. An empty Fd and errno
/// on failure: ELOOP where a symlink stands on the path, else as openat. An O_PATH descriptor never refers to
/// a symlink. Internal to os/; the two ways are told apart only so that both can be tested.

/// By openat2(2) (Linux 5.6): one call, and no window in which a parent can be swapped.
Fd open_beneath_by_kernel(int dir, const std::string& path, int flags, unsigned mode);
/// Part by part with O_NOFOLLOW: what is opened is always what the step before it named, so a swapped parent
/// cannot lead outside either.
Fd open_beneath_by_parts(int dir, const std::string& path, int flags, unsigned mode);
/// The first where the kernel has it and no sandbox forbids it (asked once), else the second.
Fd open_beneath(int dir, const std::string& path, int flags, unsigned mode);

}  // namespace cairn::os
