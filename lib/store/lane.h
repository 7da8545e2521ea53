// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <unordered_set>

#include "codec/chunker.h"
#include "codec/compress.h"
#include "store/pack_sink.h"
#include "store/pack_writer.h"
#include "store/recipe.h"
#include "store/writer.h"

namespace cairn::store {

/// Keys that one writer has met: each new entry is encoded by exactly one lane. Threads: any number.
class ClaimTable {
 public:
  /// True for the first caller with this key.
  bool claim(const Key& key);

 private:
  struct Shard {
    std::mutex mutex;
    std::unordered_set<Key, KeyHash> keys;
  };
  std::array<Shard, 64> shards_;
};

/// What the lanes of one session share. Without a sink entries go into the store.
struct Session {
  Store& store;
  std::shared_ptr<const Index> index;
  codec::Compression compression;
  PackWriter packs;
  ClaimTable claims;
  VerifyWrites verify = VerifyWrites::no;
  PackSink* sink = nullptr;

  /// Whether an entry was there before the session, where its packs go.
  [[nodiscard]] bool has(const Key& key) const {
    return sink != nullptr ? sink->has(key) : index->contains(key);
  }
};

/// One worker's way into the packs: looks entries up, encodes new ones, and hands full buffers to the
/// session's packs. Small entries are gathered into blocks of 128 KiB, in the order in which they come. Not
/// thread-safe; about 5 MiB.
class Lane {
 public:
  explicit Lane(Session& session);

  /// Stores `raw` under its key unless the store or the session has it.
  Status put(const Key& key, Bytes raw);
  /// Stores the recipe of an object of more than one piece.
  Status put_recipe(Family family, const Id& id, std::vector<Piece> pieces);
  /// Cuts, hashes and stores bytes in memory; returns the object's id.
  Result<Id> put_object(Family family, Bytes bytes);
  /// Hands everything that is still buffered to the packs.
  Status flush();

 private:
  Status put_alone(const Key& key, Bytes raw);
  Status put_shared(const Key& key, Bytes raw);
  Status close_shared_block();
  Status check_encoded(const Place& block, Bytes stored, Bytes raw);
  Result<Place> encode_block(Bytes raw, std::uint64_t& checksum);
  Status flush_blocks();

  Session& session_;
  codec::Encoder encoder_;
  codec::Decoder decoder_;
  codec::Chunker chunker_;
  Buffer blocks_;  // stored blocks, `used_` bytes of them
  std::size_t used_ = 0;
  std::vector<PackEntry> entries_;  // of blocks_, offsets from its start
  Buffer shared_;                   // raw bytes of the block that small entries share
  std::vector<PackEntry> shared_entries_;
};

}  // namespace cairn::store
