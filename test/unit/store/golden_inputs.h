// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "store/recipe.h"
#include "store/segment.h"
#include "store/store.h"
#include "store/tree.h"

/// The fixed objects of test/golden/store and of the examples in docs/format.
namespace cairn::test {

inline constexpr std::string_view kHello = "hello\n";
inline constexpr std::string_view kWorld = "world\n";

store::Tree golden_tree();
store::RecipeRoot golden_recipe();
/// Pieces of a node of level 1.
std::vector<store::Piece> golden_node();

/// A pack that a writer makes of the two blobs and the tree, raw, in a store below `folder`.
struct GoldenPack {
  Buffer bytes;
  store::PackTable table;
};
Result<GoldenPack> golden_pack(const std::string& folder);
Buffer golden_segment(const store::PackTable& pack);

}  // namespace cairn::test
