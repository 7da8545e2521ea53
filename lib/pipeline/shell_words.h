// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "text/value.h"

namespace cairn::pipeline {

/// `text` as one word of a POSIX shell: as it is when the shell would take it so, else in single quotes.
std::string shell_quoted(std::string_view text);

/// A map as options of a command, in its order: nested keys dotted; `--k v` with strings quoted for the
/// shell; `--k` for true, nothing for false; `--k a b` for a list. Errors, `malformed` without a place: a
/// list that holds a list or map. REQUIRES: a map.
Result<std::string> unpacked_options(const text::Value& map);

}  // namespace cairn::pipeline
