// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "store/recipe.h"

namespace cairn::store {

/// Bytes of the pieces of `after` that are not among those of `before`: how much of a content is new, where
/// both are all chunks of two blobs. Cost: 40 bytes of memory for each piece.
std::uint64_t new_bytes(const std::vector<Piece>& before, const std::vector<Piece>& after);

}  // namespace cairn::store
