// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace cairn::report {

/// What a cairn.lock says, for Git's diff: for each stage a line for each thing that its result depends on
/// and each out, with hashes cut short and sizes readable, paths as they stand in the file. `path` only names
/// the file in messages. Errors: `malformed` for what is no lock, such as one with marks of a conflict;
/// `unsupported` for a newer version.
Result<std::string> lock_text(std::string_view text, std::string_view path);

}  // namespace cairn::report
