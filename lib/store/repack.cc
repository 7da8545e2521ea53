// SPDX-License-Identifier: Apache-2.0
#include "store/repack.h"

#include <algorithm>

#include "base/escape.h"
#include "store/pack_writer.h"

namespace cairn::store {
namespace {

/// Neighbouring blocks are read at once up to this many bytes.
constexpr std::uint64_t kRunSize = 4u << 20;

bool by_place(const CopyEntry& a, const CopyEntry& b) {
  if (a.from.pack != b.from.pack) {
    return a.from.pack < b.from.pack;
  }
  return std::pair(a.from.place.offset, a.from.place.in_block) <
         std::pair(b.from.place.offset, b.from.place.in_block);
}

/// Entries [begin, end) whose blocks lie one behind the other in one pack.
std::size_t run_end(const std::vector<CopyEntry>& entries, std::size_t begin) {
  const Location& first = entries[begin].from;
  std::uint64_t stop = first.place.offset + first.place.stored_size;
  std::size_t end = begin + 1;
  for (; end < entries.size() && entries[end].from.pack == first.pack; ++end) {
    const Place& place = entries[end].from.place;
    bool same_block = place.offset + place.stored_size == stop && place.offset >= first.place.offset;
    bool next_block =
        place.offset == stop && place.offset + place.stored_size - first.place.offset <= kRunSize;
    if (!same_block && !next_block) {
      break;
    }
    stop = place.offset + place.stored_size;
  }
  return end;
}

Status copy_run(std::span<const CopyEntry> run, BlockSource& source, PackWriter& packs) {
  const Location& first = run.front().from;
  const Place& last = run.back().from.place;
  std::uint64_t base = first.place.offset;
  if (last.stored_size > kMaxBlockSize + kMaxBlockSize / 128) {
    return Error(Code::corrupt, "damaged pack " + first.pack.text() + ": a block is too long");
  }
  Buffer bytes(last.offset + last.stored_size - base);
  CAIRN_TRY(source.read(first.pack, base, bytes));
  std::vector<PackEntry> entries;
  for (const CopyEntry& copy : run) {
    PackEntry entry{copy.key, copy.from.place, 0};
    entry.place.offset -= base;
    // The block of an empty file is empty and starts where the next one does.
    bool same_block = !entries.empty() && entries.back().place.offset == entry.place.offset &&
                      entries.back().place.stored_size == entry.place.stored_size;
    entry.checksum = same_block
                         ? entries.back().checksum
                         : codec::checksum(Bytes(bytes).subspan(entry.place.offset, entry.place.stored_size));
    entries.push_back(entry);
  }
  return packs.append(bytes, std::move(entries));
}

}  // namespace

Result<std::vector<Store::FinishedPack>> copy_entries(std::vector<CopyEntry> entries, BlockSource& source,
                                                      const std::string& folder) {
  std::sort(entries.begin(), entries.end(), by_place);
  PackWriter packs(folder);
  for (std::size_t begin = 0; begin < entries.size();) {
    std::size_t end = run_end(entries, begin);
    CAIRN_TRY(copy_run(std::span(entries).subspan(begin, end - begin), source, packs));
    begin = end;
  }
  return packs.finish();
}

Status StoreBlocks::read(const Id& pack, std::uint64_t offset, std::span<std::uint8_t> out) {
  CAIRN_TRY_ASSIGN(std::shared_ptr<os::Fd> file, store_.open_pack(pack));
  return os::read_exactly_at(file->get(), out, offset, store_.paths().pack(pack));
}

}  // namespace cairn::store
