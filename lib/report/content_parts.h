// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "store/recipe.h"

namespace cairn::report {

/// No content is told in more parts.
inline constexpr std::size_t kMaxParts = 64;

/// The chunks of a blob, joined to about 16 to 32 parts of any size. Where a part ends follows from the ids
/// of its chunks alone, so an edit changes only the parts around it, and what is inserted or taken away moves
/// none of the others; at each doubling of the content the parts double too. A part of one chunk has the
/// chunk's id. What is alike in a special way, such as zeros, may come in other numbers, up to kMaxParts.
std::vector<store::Piece> content_parts(const std::vector<store::Piece>& chunks);

}  // namespace cairn::report
