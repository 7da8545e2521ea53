// SPDX-License-Identifier: Apache-2.0
#include "remote/object_reader.h"

#include <algorithm>
#include <limits>

#include "codec/hash.h"

namespace cairn::remote {
namespace {

using store::EntryKind;
using store::Family;
using store::Key;

constexpr transport::Range kAll{0, std::numeric_limits<std::uint64_t>::max()};
/// Chunks that are asked for at a time: 4 MiB of them at the mean.
constexpr std::size_t kBatch = 64;

std::uint64_t end_of(transport::Range range) {
  const std::uint64_t most = kAll.size - range.offset;
  return range.offset + std::min(range.size, most);
}

Error damaged(const store::Id& id) {
  return {Code::corrupt, "the content of " + id.text() + " is not what its name says", "cairn fsck"};
}

}  // namespace

/// Leaves out what is outside the range.
void ObjectReader::cut(Pieces& pieces, transport::Range range) {
  std::vector<store::Piece> kept;
  std::uint64_t at = pieces.begin;
  std::uint64_t begin = at;
  for (const store::Piece& piece : pieces.list) {
    if (at < end_of(range) && at + piece.size > range.offset) {
      begin = kept.empty() ? at : begin;
      kept.push_back(piece);
    }
    at += piece.size;
  }
  pieces.list = std::move(kept);
  pieces.begin = begin;
}

/// Replaces nodes of that level by what is below them.
Status ObjectReader::expand(Pieces& pieces, std::uint8_t level, transport::Range range) {
  cut(pieces, range);
  std::vector<Key> keys;
  for (const store::Piece& piece : pieces.list) {
    keys.push_back({EntryKind::node, piece.id});
  }
  CAIRN_TRY(entries_.prefetch(keys));
  std::vector<store::Piece> below;
  for (const store::Piece& piece : pieces.list) {
    CAIRN_TRY(context_.check_stop());
    CAIRN_TRY_ASSIGN(const Buffer bytes, entries_.read({EntryKind::node, piece.id}));
    CAIRN_TRY_ASSIGN(const store::Node node, store::decode_node(bytes));
    std::uint64_t size = 0;
    for (const store::Piece& inner : node.pieces) {
      size += inner.size;
    }
    if (node.level + 1 != level || size != piece.size) {
      return damaged(piece.id);
    }
    below.insert(below.end(), node.pieces.begin(), node.pieces.end());
  }
  pieces.list = std::move(below);
  return {};
}

Result<ObjectReader::Pieces> ObjectReader::find_pieces(Family family, const store::Id& id,
                                                       transport::Range range) {
  const Key whole{store::content_kind(family), id};
  const Key recipe{store::recipe_kind(family), id};
  const Presence at_whole = entries_.find(whole);
  const Presence at_recipe = entries_.find(recipe);
  if (at_whole.here || (at_whole.there && !at_recipe.here)) {
    return Pieces{{{id, 0}}, 0, false};
  }
  CAIRN_TRY_ASSIGN(const Buffer bytes, entries_.read(recipe));
  CAIRN_TRY_ASSIGN(store::RecipeRoot root, store::decode_recipe(bytes));
  Pieces pieces{std::move(root.pieces), 0, true};
  for (std::uint8_t level = root.level; level > 0; --level) {
    CAIRN_TRY(expand(pieces, level, range));
  }
  cut(pieces, range);
  return pieces;
}

Result<store::Tree> ObjectReader::read_tree(const store::Id& id) {
  CAIRN_TRY_ASSIGN(const Pieces pieces, find_pieces(Family::tree, id, kAll));
  Buffer bytes;
  for (const store::Piece& piece : pieces.list) {
    CAIRN_TRY_ASSIGN(const Buffer chunk, entries_.read({EntryKind::tree, piece.id}));
    append(bytes, chunk);
  }
  return store::tree_id(bytes) == id ? store::decode_tree(bytes) : damaged(id);
}

Status ObjectReader::read_blob(const store::Id& id, std::optional<transport::Range> wanted,
                               const transport::Sink& sink) {
  const transport::Range range = wanted.value_or(kAll);
  CAIRN_TRY_ASSIGN(const Pieces pieces, find_pieces(Family::blob, id, range));
  codec::Hasher hasher;
  std::uint64_t at = pieces.begin;
  for (std::size_t i = 0; i < pieces.list.size(); ++i) {
    CAIRN_TRY(context_.check_stop());
    if (i % kBatch == 0) {
      std::vector<Key> keys;
      for (std::size_t k = i; k < std::min(i + kBatch, pieces.list.size()); ++k) {
        keys.push_back({EntryKind::data, pieces.list[k].id});
      }
      CAIRN_TRY(entries_.prefetch(keys));
    }
    const store::Piece& piece = pieces.list[i];
    CAIRN_TRY_ASSIGN(const Buffer bytes, entries_.read({EntryKind::data, piece.id}));
    if (pieces.known && bytes.size() != piece.size) {
      return damaged(id);
    }
    const std::uint64_t begin = std::clamp(range.offset, at, at + bytes.size()) - at;
    const std::uint64_t end = std::clamp(end_of(range), at, at + bytes.size()) - at;
    if (!wanted) {
      hasher.update(bytes);
    }
    if (begin < end) {
      CAIRN_TRY(sink(Bytes(bytes).subspan(begin, end - begin)));
    }
    at += bytes.size();
  }
  return wanted || hasher.finish() == id ? Status() : Status(damaged(id));
}

}  // namespace cairn::remote
