// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "store/store.h"

namespace cairn::store {

/// Source of blocks to copy: where a key is, and the stored bytes there.
class BlockSource {
 public:
  virtual ~BlockSource() = default;
  /// Reads exactly out.size() stored bytes of a pack at `offset`.
  virtual Status read(const Id& pack, std::uint64_t offset, std::span<std::uint8_t> out) = 0;
};

/// One entry to be copied.
struct CopyEntry {
  Key key;
  Location from;
};

/// Writes new packs below `folder` that hold the given entries, copying their stored blocks as they are
/// (nothing is decoded or compressed again; blocks are read in pack order, one read a run of neighbours). An
/// entry of a shared block comes with its block. Each block's bytes are hashed into the new table. Returns
/// the finished, unsynced pack files.
Result<std::vector<Store::FinishedPack>> copy_entries(std::vector<CopyEntry> entries, BlockSource& source,
                                                      const std::string& folder);

/// Blocks of the local store.
class StoreBlocks : public BlockSource {
 public:
  explicit StoreBlocks(Store& store) : store_(store) {}
  Status read(const Id& pack, std::uint64_t offset, std::span<std::uint8_t> out) override;

 private:
  Store& store_;
};

}  // namespace cairn::store
