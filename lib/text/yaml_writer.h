// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "text/value.h"

namespace cairn::text {

/// The one YAML text of `value`, for files that cairn writes: block style in the given order of keys, two
/// spaces a level, lists at the column of their key, `{}` and `[]` for what is empty. Strings are plain where
/// they read back as the same string, `|` blocks where they have several clean lines, else in double quotes
/// with \n \t \\ \" \xHH \uHHHH \UHHHHHHHH. Floats are the shortest text that reads back as the same float
/// ("1.0"). Lines are never folded; the last one ends with a newline. parse_yaml() of it equals `value`.
/// REQUIRES: strings and keys are UTF-8 (is_utf8). Cost: linear.
std::string write_yaml(const Value& value);

}  // namespace cairn::text
