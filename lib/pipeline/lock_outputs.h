// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "project/tracked.h"

namespace cairn::pipeline {

/// The cached outs of the cairn.lock at `path`, sorted by path: lib/project's LockReader. Errors as
/// parse_lock.
Result<std::vector<project::Tracked>> read_lock_outputs(std::string_view text, std::string_view path);

}  // namespace cairn::pipeline
