// SPDX-License-Identifier: Apache-2.0
#include "remote/entries.h"

#include <fcntl.h>

#include "os/file.h"
#include "store/verify.h"

namespace cairn::remote {
namespace {

Error damaged(const store::Key& key, const store::Location& from) {
  return {Code::corrupt, "the remote's data is damaged: " + key.id.text() + " in its pack " + from.pack.hex(),
          "push it again from a machine that has it"};
}

/// A pack file below the temporary folder as a source of blocks.
class FileBlocks : public store::BlockSource {
 public:
  FileBlocks(const os::Fd& file, const std::string& path) : file_(file), path_(path) {}
  Status read(const store::Id&, std::uint64_t offset, std::span<std::uint8_t> out) override {
    return os::read_exactly_at(file_.get(), out, offset, path_);
  }

 private:
  const os::Fd& file_;
  const std::string& path_;
};

}  // namespace

Result<Bytes> EntryDecoder::read(const store::Key& key, const store::Location& from) {
  const store::Place& place = from.place;
  bool cached = block_of_.pack == from.pack && block_of_.place.offset == place.offset &&
                block_.size() == place.block_size;
  if (!cached) {
    Buffer stored(place.stored_size);
    CAIRN_TRY(blocks_.read(from.pack, place.offset, stored));
    block_of_ = {};
    block_.resize(place.block_size);
    Status decoded = decoder_.decode(place.codec, stored, block_);
    if (!decoded.ok()) {
      return decoded.error().code() == Code::unsupported ? decoded.error() : damaged(key, from);
    }
    block_of_ = from;
  }
  Bytes bytes = Bytes(block_).subspan(place.in_block, place.size);
  if (!store::check_content(key, bytes).ok()) {
    return damaged(key, from);
  }
  return bytes;
}

Status check_entries(const store::Store::FinishedPack& pack, const Context& context) {
  CAIRN_TRY_ASSIGN(os::Fd file, os::open_file(pack.path, O_RDONLY));
  FileBlocks blocks(file, pack.path);
  EntryDecoder decoder(blocks);
  for (const store::PackEntry& entry : pack.table.entries) {
    CAIRN_TRY(context.check_stop());
    auto bytes = decoder.read(entry.key, {pack.table.id, entry.place});
    if (!bytes.ok()) {
      return bytes.error();
    }
  }
  return {};
}

Entries::Entries(store::Store& store, const RemoteIndex& remote, Stage& stage)
    : local_(store.index()), reader_(store), remote_(remote), stage_(stage), decoder_(stage) {}

Presence Entries::find(const store::Key& key) const {
  return {local_->contains(key), remote_.contains(key)};
}

Status Entries::prefetch(const std::vector<store::Key>& keys) {
  std::vector<store::Location> places;
  for (const store::Key& key : keys) {
    auto location = local_->contains(key) ? std::nullopt : remote_.find(key);
    if (location) {
      places.push_back(*location);
    }
  }
  return stage_.fetch(places);
}

Result<Buffer> Entries::read(const store::Key& key) {
  if (local_->contains(key)) {
    return reader_.read_entry(key);
  }
  auto location = remote_.find(key);
  if (!location) {
    return Error(Code::not_found, "neither the store nor the remote holds " + key.id.text());
  }
  CAIRN_TRY(stage_.fetch(std::span(&*location, 1)));
  CAIRN_TRY_ASSIGN(Bytes bytes, decoder_.read(key, *location));
  return Buffer(bytes.begin(), bytes.end());
}

}  // namespace cairn::remote
