// SPDX-License-Identifier: Apache-2.0
#include "store/merge_packs.h"

#include <fcntl.h>

#include <algorithm>

#include "os/file.h"
#include "store/pack_writer.h"

namespace cairn::store {
namespace {

/// Small packs in the order of their names; none unless there are many.
Result<std::vector<Id>> packs_to_merge(const Store& store) {
  std::vector<Id> small;
  std::shared_ptr<const Index> index = store.index();
  if (index->packs().size() <= kManySmallPacks) {
    return small;
  }
  for (const Id& id : index->packs()) {
    CAIRN_TRY_ASSIGN(auto stat, os::find_stat(store.paths().pack(id)));
    if (stat && stat->size < kSmallPack) {
      small.push_back(id);
    }
  }
  if (small.size() <= kManySmallPacks) {
    small.clear();
  }
  std::sort(small.begin(), small.end());
  return small;
}

bool is_intact(Bytes blocks, const std::vector<PackEntry>& entries) {
  return std::all_of(entries.begin(), entries.end(), [&](const PackEntry& entry) {
    Bytes stored = blocks.subspan(entry.place.offset - kPackHeaderSize, entry.place.stored_size);
    return codec::checksum(stored) == entry.checksum;
  });
}

/// Appends all blocks of a pack; false for a pack that is damaged or gone, of which nothing is taken.
Result<bool> append_pack(const Store& store, const Id& id, PackWriter& merged) {
  std::string path = store.paths().pack(id);
  auto table = read_pack_table(path);
  auto file = os::open_file(path, O_RDONLY);
  if (!table.ok() || table->id != id || !file.ok()) {
    return false;
  }
  Buffer blocks(table->blocks_end - kPackHeaderSize);
  CAIRN_TRY(os::read_exactly_at(file->get(), blocks, kPackHeaderSize, path));
  if (!is_intact(blocks, table->entries)) {
    return false;
  }
  std::vector<PackEntry> entries = std::move(table->entries);
  for (PackEntry& entry : entries) {
    entry.place.offset -= kPackHeaderSize;
  }
  CAIRN_TRY(merged.append(blocks, std::move(entries)));
  return true;
}

}  // namespace

Status merge_small_packs(Store& store, const Context& context) {
  CAIRN_TRY_ASSIGN(std::vector<Id> small, packs_to_merge(store));
  if (small.empty()) {
    return {};
  }
  PackWriter merged(store.paths().temporary());
  std::vector<Id> replaced;
  for (const Id& id : small) {
    CAIRN_TRY(context.check_stop());
    CAIRN_TRY_ASSIGN(bool taken, append_pack(store, id, merged));
    if (taken) {
      replaced.push_back(id);
    }
  }
  CAIRN_TRY_ASSIGN(auto packs, merged.finish());
  for (const Store::FinishedPack& pack : packs) {
    std::erase(replaced, pack.table.id);
  }
  CAIRN_TRY(store.publish(std::move(packs)));
  for (const Id& id : replaced) {
    CAIRN_TRY(os::remove_file(store.paths().pack(id)));
  }
  CAIRN_TRY(os::sync_folder(store.paths().packs()));
  return store.reload();
}

}  // namespace cairn::store
