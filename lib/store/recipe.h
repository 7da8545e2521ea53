// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/result.h"
#include "codec/chunker.h"
#include "store/key.h"

/// Recipes: the list of chunks of a blob or of a long tree (docs/format/recipe.md).
namespace cairn::store {

/// One chunk, or one node with all bytes below it.
struct Piece {
  Id id;
  std::uint64_t size = 0;
  bool operator==(const Piece&) const = default;
};

/// The stored form of a recipe's top: chunker parameters, size, and either chunks (level 0) or nodes (level >
/// 0).
struct RecipeRoot {
  codec::ChunkSizes sizes;
  std::uint64_t size = 0;
  std::uint8_t level = 0;
  std::vector<Piece> pieces;
};

Buffer encode_recipe(const RecipeRoot& root);
/// `corrupt` unless canonical and pieces add up to the size; `unsupported` for a newer version.
Result<RecipeRoot> decode_recipe(Bytes bytes);

Buffer encode_node(std::uint8_t level, const std::vector<Piece>& pieces);
struct Node {
  std::uint8_t level = 0;
  std::vector<Piece> pieces;
};
Result<Node> decode_node(Bytes bytes);

/// Nodes of a list of pieces, cut where an id says so, so that an edit changes only the nodes around it: mean
/// 156 pieces, 32 to 512. Returns the lengths of the runs; they sum to pieces.size().
std::vector<std::size_t> cut_nodes(const std::vector<Piece>& pieces);

/// A root holds at most this many pieces; longer lists get another level of nodes.
inline constexpr std::size_t kMaxRootPieces = 512;
/// Deeper recipes are refused: 512 * 32^5 chunks are more than 10^10.
inline constexpr std::uint8_t kMaxRecipeLevel = 6;

}  // namespace cairn::store
