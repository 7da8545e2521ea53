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
  return {};
}

Result<std::vector<Store::FinishedPack>> PackWriter::finish() {
  if (failure_) {
    return *failure_;
  }
  auto finished = seal();
  if (!finished.ok()) {
    note_failure(finished.error());
  }
  return finished;
}

Result<std::vector<Store::FinishedPack>> PackWriter::seal() {
  std::vector<Store::FinishedPack> finished;
  for (const auto& pack : packs_) {
    PackTable table;
    table.blocks_end = pack->size;
    Buffer tail = encode_pack_tail(pack->entries, pack->size, table.id);
    CAIRN_TRY(os::write_at(pack->file.get(), tail, pack->size, pack->path));
    table.entries = std::move(pack->entries);
    finished.push_back({pack->path, std::move(table)});
  }
  for (const auto& pack : packs_) {
    CAIRN_TRY(pack->file.close(pack->path));
  }
  packs_.clear();
  return finished;
}

}  // namespace cairn::store
