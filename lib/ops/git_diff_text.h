// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"

namespace cairn::ops {

/// What Git's diff shows in place of a pointer or a cairn.lock (report/pointer_text.h, lock_text.h), for the
/// textconv program of the diff driver `cairn`. The file is known by what it says, since Git gives copies
/// with names of its own; anything else comes back as it is, as does a pointer or lock that cannot be read.
/// The store is that of the Git repository that `folder` is in, also of a bare one; nothing is made where
/// there is none. Errors: only where `path` cannot be read.
Result<std::string> git_diff_text(const std::string& path, const std::string& folder);

}  // namespace cairn::ops
