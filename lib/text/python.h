// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "text/limits.h"
#include "text/value.h"

namespace cairn::text {

/// Reads the parameters of a Python 3 source file without running anything: a map of what the module assigns
/// as literals, in the order in which the names first occur; the last literal assigned to a name wins. A
/// class is a map of what its body assigns, of `self.NAME = LITERAL` in its `__init__`, and of its nested
/// classes. Literals are numbers with an optional sign, strings, True, False, None, and lists, tuples, sets
/// and dicts of literals; tuples and sets become lists in the order of the file. Dict keys that are numbers,
/// True, False or None become their text (`16` for `0x10`, `1.0`, `True`). Whatever else is assigned (calls,
/// names, arithmetic, f-strings, bytes, complex numbers), and whatever is assigned in an if, a loop, a
/// function or to part of an object, is left out.
///
/// Errors: malformed, as parse_yaml(): text that cannot be Python (strings, brackets, numbers, indentation,
/// two values side by side; the grammar as a whole is not checked), anything above `limits`, and literals
/// that a Value cannot hold: integers beyond int64, surrogates, \N{...} escapes. Cost: linear.
Result<Value> parse_python(std::string_view text, std::string_view path, const Limits& limits = {});

}  // namespace cairn::text
