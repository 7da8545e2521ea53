// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace cairn::pipeline {

/// What `written` in a file means, from the project root; `base` is the folder it is relative to, from the
/// project root.
/// "" for the root itself. Errors, `malformed` without a place: empty, absolute, a URL, outside the project,
/// or refused by os::check_relative.
Result<std::string> resolve_path(std::string_view written, std::string_view base);

/// The opposite: `path` as a file in `base` writes it ("../data.csv" when outside, "." for `base` itself).
std::string path_from(std::string_view path, std::string_view base);

}  // namespace cairn::pipeline
