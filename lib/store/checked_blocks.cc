// SPDX-License-Identifier: Apache-2.0
#include "store/checked_blocks.h"

#include "base/escape.h"

namespace cairn::store {

Status CheckedBlocks::load(const Id& pack) {
  if (!table_.empty() && pack_ == pack) {
    return {};
  }
  CAIRN_TRY_ASSIGN(PackTable table, read_pack_table(store_.paths().pack(pack)));
  table_.clear();
  for (const PackEntry& entry : table.entries) {
    if (entry.place.stored_size > 0) {
      table_[entry.place.offset] = {entry.place.stored_size, entry.checksum};
    }
  }
  pack_ = pack;
  return {};
}

Status CheckedBlocks::read(const Id& pack, std::uint64_t offset, std::span<std::uint8_t> out) {
  CAIRN_TRY(load(pack));
  CAIRN_TRY(blocks_.read(pack, offset, out));
  for (Bytes rest = out; !rest.empty();) {
    auto block = table_.find(offset);
    bool sound = block != table_.end() && block->second.size <= rest.size() &&
                 codec::checksum(rest.first(block->second.size)) == block->second.checksum;
    if (!sound) {
      return Error(Code::corrupt,
                   "the local store is damaged: " + quoted(store_.paths().pack(pack)) + " at byte " +
                       std::to_string(offset),
                   "cairn fsck");
    }
    rest = rest.subspan(block->second.size);
    offset += block->second.size;
  }
  return {};
}

}  // namespace cairn::store
