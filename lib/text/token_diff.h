// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::text {

enum class DiffOp : std::uint8_t { same, removed, added };

/// Neighbouring tokens with one fate: `count` of them. Of a change the removed ones come first.
struct TokenRun {
  DiffOp op = DiffOp::same;
  std::size_t count = 0;
};

/// What makes `after` of `before`: a longest common subsequence, of equal ones the first. Cost: the product
/// of the lengths between the common start and the common end; where that is over four million, everything
/// between counts as replaced.
std::vector<TokenRun> diff_tokens(std::span<const std::string_view> before,
                                  std::span<const std::string_view> after);

/// Two texts compared line by line, as a patch: three lines around each change, "@@ -1,4 +1,5 @@" before it.
/// Empty for equal texts. Lines are as they are in the texts; control characters (of CRLF too) are escaped.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view name);

}  // namespace cairn::text
