// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unordered_map>

#include "store/repack.h"

namespace cairn::store {

/// Blocks of the local store, each checked against its pack's table when it is read, so that regrouping never
/// gives damaged bytes a fresh checksum. Holds one pack's table. Not thread-safe.
class CheckedBlocks : public BlockSource {
 public:
  explicit CheckedBlocks(Store& store) : store_(store), blocks_(store) {}
  /// `corrupt` names the pack.
  Status read(const Id& pack, std::uint64_t offset, std::span<std::uint8_t> out) override;

 private:
  struct Block {
    std::uint32_t size = 0;
    std::uint64_t checksum = 0;
  };
  Status load(const Id& pack);

  Store& store_;
  StoreBlocks blocks_;
  Id pack_;
  std::unordered_map<std::uint64_t, Block> table_;  // by offset
};

}  // namespace cairn::store
