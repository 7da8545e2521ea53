// SPDX-License-Identifier: Apache-2.0
#include "store/lane.h"

namespace cairn::store {
namespace {

/// Entries below this many bytes share a block.
constexpr std::size_t kSharedEntryLimit = 32u << 10;
/// A shared block is closed at this many raw bytes: solid blocks of 64-256 KiB beat dictionaries for small
/// files, and one random read then decodes at most about 70 us of data.
constexpr std::size_t kSharedBlockSize = 128u << 10;
/// Stored blocks are written once this many bytes are there.
constexpr std::size_t kFlushSize = 1u << 20;

}  // namespace

bool ClaimTable::claim(const Key& key) {
  Shard& shard = shards_[key.id.bytes[31] & 63];
  std::lock_guard lock(shard.mutex);
  return shard.keys.insert(key).second;
}

Lane::Lane(Session& session) : session_(session), encoder_(session.compression) {}

Status Lane::put(const Key& key, Bytes raw) {
  if (session_.has(key) || !session_.claims.claim(key)) {
    return {};
  }
  return raw.size() < kSharedEntryLimit ? put_shared(key, raw) : put_alone(key, raw);
}

Status Lane::put_alone(const Key& key, Bytes raw) {
  PackEntry entry;
  entry.key = key;
  CAIRN_TRY_ASSIGN(entry.place, encode_block(raw, entry.checksum));
  entry.place.size = entry.place.block_size;
  entries_.push_back(entry);
  return used_ >= kFlushSize ? flush_blocks() : Status();
}

Status Lane::put_shared(const Key& key, Bytes raw) {
  PackEntry entry;
  entry.key = key;
  entry.place.in_block = static_cast<std::uint32_t>(shared_.size());
  entry.place.size = static_cast<std::uint32_t>(raw.size());
  append(shared_, raw);
  shared_entries_.push_back(entry);
  return shared_.size() >= kSharedBlockSize ? close_shared_block() : Status();
}

Status Lane::close_shared_block() {
  if (shared_entries_.empty()) {
    return {};
  }
  std::uint64_t checksum = 0;
  CAIRN_TRY_ASSIGN(Place block, encode_block(shared_, checksum));
  for (PackEntry& entry : shared_entries_) {
    block.in_block = entry.place.in_block;
    block.size = entry.place.size;
    entries_.push_back({entry.key, block, checksum});
  }
  shared_.clear();
  shared_entries_.clear();
  return used_ >= kFlushSize ? flush_blocks() : Status();
}

Result<Place> Lane::encode_block(Bytes raw, std::uint64_t& checksum) {
  std::size_t bound = codec::Encoder::bound(raw.size());
  if (blocks_.size() < used_ + bound) {
    blocks_.resize(std::max(used_ + bound, 2 * kFlushSize));
  }
  std::span<std::uint8_t> out = std::span(blocks_).subspan(used_);
  CAIRN_TRY_ASSIGN(codec::Encoder::Encoded encoded, encoder_.encode(raw, out));
  checksum = codec::checksum(out.first(encoded.size));
  Place place;
  place.offset = used_;
  place.stored_size = static_cast<std::uint32_t>(encoded.size);
  place.block_size = static_cast<std::uint32_t>(raw.size());
  place.codec = encoded.codec;
  if (session_.verify == VerifyWrites::yes) {
    CAIRN_TRY(check_encoded(place, out.first(encoded.size), raw));
  }
  used_ += encoded.size;
  return place;
}

Status Lane::check_encoded(const Place& block, Bytes stored, Bytes raw) {
  Buffer decoded(raw.size());
  CAIRN_TRY(decoder_.decode(block.codec, stored, decoded));
  if (!std::equal(raw.begin(), raw.end(), decoded.begin())) {
    return Error(Code::corrupt,
                 "a block does not decode to what was encoded: the memory of this machine may be faulty",
                 "test the memory, then run the command again");
  }
  return {};
}

Status Lane::flush_blocks() {
  if (entries_.empty()) {
    return {};
  }
  CAIRN_TRY(session_.packs.append(Bytes(blocks_).first(used_), std::move(entries_)));
  entries_.clear();
  used_ = 0;
  return {};
}

Status Lane::flush() {
  CAIRN_TRY(close_shared_block());
  return flush_blocks();
}

Status Lane::put_recipe(Family family, const Id& id, std::vector<Piece> pieces) {
  RecipeRoot root;
  root.sizes = codec::kChunkSizes;
  for (const Piece& piece : pieces) {
    root.size += piece.size;
  }
  while (pieces.size() > kMaxRootPieces) {
    std::vector<Piece> parents;
    std::size_t begin = 0;
    for (std::size_t length : cut_nodes(pieces)) {
      auto first = pieces.begin() + static_cast<std::ptrdiff_t>(begin);
      std::vector<Piece> children(first, first + static_cast<std::ptrdiff_t>(length));
      Buffer node = encode_node(root.level, children);
      Piece parent{codec::hash(node, codec::Domain::node), 0};
      for (const Piece& child : children) {
        parent.size += child.size;
      }
      CAIRN_TRY(put({EntryKind::node, parent.id}, node));
      parents.push_back(parent);
      begin += length;
    }
    pieces = std::move(parents);
    ++root.level;
  }
  root.pieces = std::move(pieces);
  return put({recipe_kind(family), id}, encode_recipe(root));
}

Result<Id> Lane::put_object(Family family, Bytes bytes) {
  Id id = codec::hash(bytes, content_domain(family));
  if (bytes.size() <= codec::kSingleChunkLimit) {
    CAIRN_TRY(put({content_kind(family), id}, bytes));
    return id;
  }
  std::vector<Piece> pieces;
  for (Bytes rest = bytes; !rest.empty();) {
    Bytes chunk = rest.first(chunker_.next(rest));
    rest = rest.subspan(chunk.size());
    bool whole = chunk.size() == bytes.size();
    Piece piece{whole ? id : codec::hash(chunk, content_domain(family)), chunk.size()};
    CAIRN_TRY(put({content_kind(family), piece.id}, chunk));
    pieces.push_back(piece);
  }
  if (pieces.size() > 1) {
    CAIRN_TRY(put_recipe(family, id, std::move(pieces)));
  }
  return id;
}

}  // namespace cairn::store
