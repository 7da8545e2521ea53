// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace cairn::git {

/// True for a name that is one part of a ref and needs no quoting anywhere: letters, digits, ".", "-" and
/// "_", a letter or digit first, at most 100, and what Git takes for the end of a ref (no "..", no ".lock" at
/// the end).
bool is_plain_name(const std::string& name);

}  // namespace cairn::git
