// SPDX-License-Identifier: Apache-2.0
#include "remote/pack_check.h"

#include <fcntl.h>

#include <algorithm>

#include "base/escape.h"

namespace cairn::remote {
namespace {

Error damaged(std::string_view what) {
  return {Code::corrupt, "damaged pack: " + std::string(what)};
}

}  // namespace

PackCheck::PackCheck(const store::PackTable& table) {
  Buffer header = store::encode_pack_header();
  parts_.push_back({0, header.size(), codec::checksum(header)});
  std::vector<Part> blocks;
  blocks.reserve(table.entries.size());
  for (const store::PackEntry& entry : table.entries) {
    blocks.push_back({entry.place.offset, entry.place.stored_size, entry.checksum});
  }
  std::sort(blocks.begin(), blocks.end());
  blocks.erase(std::unique(blocks.begin(), blocks.end()), blocks.end());
  for (const Part& block : blocks) {
    if (block.offset < parts_.back().offset + parts_.back().size) {
      broken_ = damaged("its blocks overlap");
    }
    parts_.push_back(block);
  }
  store::Id id;
  tail_ = store::encode_pack_tail(table.entries, table.blocks_end, id);
  parts_.push_back({table.blocks_end, tail_.size(), codec::checksum(tail_)});
  size_ = table.blocks_end + tail_.size();
}

Status PackCheck::check_part(Bytes bytes) {
  if (codec::checksum(bytes) == parts_[next_].checksum) {
    ++next_;
    return {};
  }
  return damaged("the checksum of its bytes from " + std::to_string(parts_[next_].offset) +
                 " on does not match");
}

Status PackCheck::add(Bytes piece) {
  CAIRN_TRY(broken_);
  while (!piece.empty()) {
    if (next_ == parts_.size()) {
      return damaged("it is longer than its table says");
    }
    const Part& part = parts_[next_];
    if (position_ < part.offset) {  // bytes that no entry uses
      auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), part.offset - position_));
      position_ += skipped;
      piece = piece.subspan(skipped);
      continue;
    }
    auto wanted = static_cast<std::size_t>(part.size) - carry_.size();
    Bytes taken = piece.first(std::min(piece.size(), wanted));
    position_ += taken.size();
    piece = piece.subspan(taken.size());
    if (taken.size() == wanted && carry_.empty()) {
      CAIRN_TRY(check_part(taken));
      continue;
    }
    append(carry_, taken);
    if (taken.size() == wanted) {
      CAIRN_TRY(check_part(carry_));
      carry_.clear();
    }
  }
  return {};
}

Status PackCheck::finish() const {
  return position_ == size_ && next_ == parts_.size() ? Status() : damaged("it was cut short");
}

PackSource::PackSource(std::string path, os::Fd file, store::PackTable table, const Context& context)
    : path_(std::move(path)),
      file_(std::move(file)),
      table_(std::move(table)),
      check_(table_),
      context_(context) {}

Result<PackSource> PackSource::open(const std::string& path, const Context& context) {
  CAIRN_TRY_ASSIGN(store::PackTable table, store::read_pack_table(path));
  CAIRN_TRY_ASSIGN(os::Fd file, os::open_file(path, O_RDONLY));
  return PackSource(path, std::move(file), std::move(table), context);
}

Status PackSource::rewind() {
  context_.progress.bytes_done -= done_;
  done_ = 0;
  check_ = PackCheck(table_);
  return {};
}

Result<std::size_t> PackSource::read(std::span<std::uint8_t> out) {
  CAIRN_TRY(context_.check_stop());
  CAIRN_TRY_ASSIGN(std::size_t count, os::read_at(file_.get(), out, done_, path_));
  Status checked = check_.add(Bytes(out).first(count));
  done_ += count;
  context_.progress.bytes_done += count;
  bool ended = count < out.size() || done_ == size();
  if (checked.ok() && ended) {
    checked = check_.finish();
  }
  if (!checked.ok()) {
    return checked.error().with_context(quoted(path_)).with_hint("cairn fsck");
  }
  return count;
}

}  // namespace cairn::remote
