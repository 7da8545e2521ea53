// SPDX-License-Identifier: Apache-2.0
#include "store/pack_writer.h"

#include <fcntl.h>

#include "os/file.h"

namespace cairn::store {
namespace {

/// Write-behind is started in steps of this many bytes, so that the final fsync has little left to do.
constexpr std::uint64_t kWriteBehind = 8u << 20;

}  // namespace

PackWriter::~PackWriter() {
  for (const auto& pack : packs_) {
    (void)os::remove_file(pack->path);
  }
}

std::uint64_t PackWriter::stored_bytes() const {
  std::lock_guard lock(mutex_);
  return stored_bytes_;
}

Result<std::shared_ptr<PackWriter::Open>> PackWriter::start_pack() {
  auto pack = std::make_shared<Open>();
  pack->path = folder_ + "/" + os::random_name() + ".pack";
  CAIRN_TRY_ASSIGN(pack->file, os::open_file(pack->path, O_RDWR | O_CREAT | O_EXCL, 0444));
  packs_.push_back(pack);
  CAIRN_TRY(os::write_at(pack->file.get(), encode_pack_header(), 0, pack->path));
  return pack;
}

Result<std::shared_ptr<PackWriter::Open>> PackWriter::pack_for(std::uint64_t bytes) {
  if (packs_.empty() || packs_.back()->size + bytes > kPackSize + kPackSize / 16) {
    return start_pack();
  }
  return packs_.back();
}

Status PackWriter::append(Bytes bytes, std::vector<PackEntry> entries) {
  Status written = write_blocks(bytes, std::move(entries));
  if (!written.ok()) {
    note_failure(written.error());
  }
  return written;
}

void PackWriter::note_failure(const Error& error) {
  std::lock_guard lock(mutex_);
  failure_ = error;
}

Status PackWriter::write_blocks(Bytes bytes, std::vector<PackEntry> entries) {
  std::unique_lock lock(mutex_);
  CAIRN_TRY_ASSIGN(std::shared_ptr<Open> pack, pack_for(bytes.size()));
  std::uint64_t offset = pack->size;
  pack->size += bytes.size();
  stored_bytes_ += bytes.size();
  for (PackEntry& entry : entries) {
    entry.place.offset += offset;
    pack->entries.push_back(entry);
  }
  ++pack->writers;
  std::uint64_t behind_from = pack->synced;
  bool start_writing = pack->size - behind_from >= kWriteBehind;
  if (start_writing) {
    pack->synced = pack->size;
  }
  lock.unlock();
  CAIRN_TRY(os::write_at(pack->file.get(), bytes, offset, pack->path));
#ifdef SYNC_FILE_RANGE_WRITE
  if (start_writing) {
    // Only a hint: a failure shows again at fsync.
    (void)sync_file_range(pack->file.get(), static_cast<off_t>(behind_from), kWriteBehind,
                          SYNC_FILE_RANGE_WRITE);
  }
#endif
  lock.lock();
  --pack->writers;
  lock.unlock();
  return full_ ? hand_out_full() : Status();
}

/// Packs behind which another was started, and that nobody writes to any more.
Status PackWriter::hand_out_full() {
  std::vector<std::shared_ptr<Open>> full;
  {
    std::lock_guard lock(mutex_);
    for (auto pack = packs_.begin(); pack != packs_.end() && *pack != packs_.back();) {
      if ((*pack)->writers > 0) {
        ++pack;
        continue;
      }
      full.push_back(std::move(*pack));
      pack = packs_.erase(pack);
    }
  }
  for (const auto& pack : full) {
    auto sealed = seal(*pack);
    if (!sealed.ok()) {
      (void)os::remove_file(pack->path);
      return sealed.error();
    }
    CAIRN_TRY(full_(std::move(*sealed)));
  }
  return {};
}

Result<std::vector<Store::FinishedPack>> PackWriter::finish() {
  if (failure_) {
    return *failure_;
  }
  auto finished = seal_all();
  if (!finished.ok()) {
    note_failure(finished.error());
  }
  return finished;
}

Result<Store::FinishedPack> PackWriter::seal(Open& pack) {
  PackTable table;
  table.blocks_end = pack.size;
  Buffer tail = encode_pack_tail(pack.entries, pack.size, table.id);
  CAIRN_TRY(os::write_at(pack.file.get(), tail, pack.size, pack.path));
  CAIRN_TRY(pack.file.close(pack.path));
  table.entries = std::move(pack.entries);
  return Store::FinishedPack{pack.path, std::move(table)};
}

Result<std::vector<Store::FinishedPack>> PackWriter::seal_all() {
  std::vector<Store::FinishedPack> finished;
  for (const auto& pack : packs_) {
    CAIRN_TRY_ASSIGN(Store::FinishedPack sealed, seal(*pack));
    finished.push_back(std::move(sealed));
  }
  packs_.clear();
  return finished;
}

}  // namespace cairn::store
