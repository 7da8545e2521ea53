// SPDX-License-Identifier: Apache-2.0
#include "store/recipe.h"

namespace cairn::store {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kMinNodePieces = 32;
constexpr std::size_t kMaxNodePieces = 512;
constexpr std::uint8_t kNodeCutMask = 127;
/// No chunk is longer than this: a chunk must fit a block.
constexpr std::uint64_t kMaxChunk = 8u << 20;

Error corrupt(std::string_view what) {
  return {Code::corrupt, "damaged recipe: " + std::string(what)};
}

void append_pieces(Buffer& out, std::uint8_t level, const std::vector<Piece>& pieces) {
  for (const Piece& piece : pieces) {
    append(out, piece.id.bytes);
    if (level == 0) {
      append_le(out, static_cast<std::uint32_t>(piece.size));
    } else {
      append_le(out, piece.size);
    }
  }
}

Result<std::vector<Piece>> decode_pieces(ByteReader& reader, std::uint8_t level) {
  std::vector<Piece> pieces;
  while (!reader.at_end()) {
    Piece piece;
    Bytes id = reader.take(32);
    piece.size = level == 0 ? reader.le<std::uint32_t>() : reader.le<std::uint64_t>();
    if (!reader.ok()) {
      return corrupt("it ends in the middle of an entry");
    }
    if (piece.size == 0 || (level == 0 && piece.size > kMaxChunk)) {
      return corrupt("an entry has an impossible size");
    }
    std::copy(id.begin(), id.end(), piece.id.bytes.begin());
    pieces.push_back(piece);
  }
  return pieces;
}

}  // namespace

Buffer encode_recipe(const RecipeRoot& root) {
  Buffer out;
  out.push_back(kVersion);
  out.push_back(root.level);
  append_le<std::uint16_t>(out, 0);
  append_le(out, root.sizes.min);
  append_le(out, root.sizes.mean);
  append_le(out, root.sizes.max);
  append_le(out, root.size);
  append_pieces(out, root.level, root.pieces);
  return out;
}

Result<RecipeRoot> decode_recipe(Bytes bytes) {
  ByteReader reader(bytes);
  auto version = reader.le<std::uint8_t>();
  if (version > kVersion) {
    return Error(Code::unsupported, "the recipe has a newer format", "install a newer cairn");
  }
  RecipeRoot root;
  root.level = reader.le<std::uint8_t>();
  auto reserved = reader.le<std::uint16_t>();
  root.sizes.min = reader.le<std::uint32_t>();
  root.sizes.mean = reader.le<std::uint32_t>();
  root.sizes.max = reader.le<std::uint32_t>();
  root.size = reader.le<std::uint64_t>();
  if (!reader.ok() || version != kVersion || reserved != 0 || root.level > kMaxRecipeLevel) {
    return corrupt("its header is damaged");
  }
  CAIRN_TRY_ASSIGN(root.pieces, decode_pieces(reader, root.level));
  std::uint64_t rest = root.size;
  for (const Piece& piece : root.pieces) {
    if (piece.size > rest) {
      return corrupt("its entries are longer than its size");
    }
    rest -= piece.size;
  }
  return rest == 0 && !root.pieces.empty() ? Result<RecipeRoot>(std::move(root))
                                           : corrupt("its entries do not add up to its size");
}

Buffer encode_node(std::uint8_t level, const std::vector<Piece>& pieces) {
  Buffer out;
  out.push_back(level);
  append_pieces(out, level, pieces);
  return out;
}

Result<Node> decode_node(Bytes bytes) {
  ByteReader reader(bytes);
  Node node;
  node.level = reader.le<std::uint8_t>();
  if (!reader.ok() || node.level >= kMaxRecipeLevel) {
    return corrupt("a node's level is impossible");
  }
  CAIRN_TRY_ASSIGN(node.pieces, decode_pieces(reader, node.level));
  return node;
}

std::vector<std::size_t> cut_nodes(const std::vector<Piece>& pieces) {
  std::vector<std::size_t> runs;
  std::size_t length = 0;
  for (const Piece& piece : pieces) {
    ++length;
    bool cut_here = length >= kMinNodePieces && (piece.id.bytes[0] & kNodeCutMask) == 0;
    if (cut_here || length == kMaxNodePieces) {
      runs.push_back(length);
      length = 0;
    }
  }
  if (length > 0) {
    runs.push_back(length);
  }
  return runs;
}

}  // namespace cairn::store
