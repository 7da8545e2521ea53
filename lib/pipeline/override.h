// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "text/value.h"

namespace cairn::pipeline {

/// A parameter that an experiment sets, with one of its values.
struct Override {
  std::string file;  ///< as written; kDefaultParams where none was
  std::string key;   ///< dotted path; a part is a map key or the number of a list item
  bool add = false;  ///< the key may be new
  text::Value value;
};

/// The same with all values that it was given: more than one is a sweep.
struct OverrideChoices {
  Override first;
  std::vector<text::Value> values;  ///< at least one
};

/// Reads "[FILE:][+]KEY=VALUE". VALUE is a YAML scalar or a list in brackets; text in quotes is a string;
/// several values are "A,B,C", "choice(A,B)" or "range([START,]STOP[,STEP])" without STOP itself. A comma
/// that is meant stands in quotes. Errors: `usage`, quoting `written`.
Result<OverrideChoices> parse_override(std::string_view written);

/// Every combination of the values, the last parameter changing fastest; one empty combination for no
/// choices. Errors: `usage` above 10,000 of them, or for a parameter that is set twice.
Result<std::vector<std::vector<Override>>> all_combinations(const std::vector<OverrideChoices>& choices);

/// The text of the params file at `path` with that value set; comments and layout stay. YAML keys may be
/// added, other formats only change what is there. The result was read again. Errors: `not_found` for a key
/// that the file lacks, unless it is to be added; `malformed` for a file that cannot be read, or where the
/// value cannot be set without rewriting more (a list written as a block).
Result<std::string> set_param(std::string_view text, std::string_view path, const Override& change);

}  // namespace cairn::pipeline
