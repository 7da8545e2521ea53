// SPDX-License-Identifier: Apache-2.0
#include "ops/run_cache.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/escape.h"
#include "codec/hash.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/lock.h"
#include "os/path.h"

namespace cairn::ops {
namespace {

constexpr std::string_view kMagic = "CAIRNRUN";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kHeaderSize = 16;
/// Length and key in front of a record's text.
constexpr std::size_t kRecordHead = 4 + 32;
/// No record is longer: a lock's block is text of a few kilobytes.
constexpr std::uint32_t kMaxRecord = 16u << 20;
constexpr std::chrono::seconds kPatience{5};

Buffer encode_header() {
  Buffer out;
  append(out, as_bytes(kMagic));
  append_le(out, kVersion);
  append_le<std::uint32_t>(out, 0);
  return out;
}

Status check_header(Bytes header, const std::string& path) {
  ByteReader reader(header);
  bool magic = as_text(reader.take(kMagic.size())) == kMagic;
  if (!magic || reader.le<std::uint32_t>() != kVersion) {
    return Error(Code::unsupported, "the run cache " + quoted(path) + " is damaged or from a newer cairn",
                 "install a newer cairn, or move the file away: it only saves time");
  }
  return {};
}

/// length, key, text, XXH3-64 of all before.
Buffer encode_record(const store::Id& key, std::string_view text) {
  Buffer out;
  append_le(out, static_cast<std::uint32_t>(text.size()));
  append(out, key.bytes);
  append(out, as_bytes(text));
  append_le(out, codec::checksum(out));
  return out;
}

}  // namespace

Result<RunCache> RunCache::open(const std::string& folder) {
  CAIRN_TRY(os::make_folders(folder));
  RunCache cache;
  cache.path_ = os::join(folder, "log");
  CAIRN_TRY(cache.load());
  return cache;
}

Status RunCache::load() {
  auto opened = os::open_file(path_, O_RDONLY);
  if (!opened.ok()) {
    return opened.error().code() == Code::not_found ? Status() : Status(opened.error());
  }
  CAIRN_TRY_ASSIGN(os::FileStat stat, os::stat_fd(opened->get(), path_));
  if (stat.size <= end_) {
    return {};
  }
  Buffer bytes(stat.size - end_);
  CAIRN_TRY_ASSIGN(std::size_t got, os::read_at(opened->get(), bytes, end_, path_));
  Bytes rest = Bytes(bytes).first(got);
  if (end_ == 0) {
    if (rest.size() < kHeaderSize) {
      return {};
    }
    CAIRN_TRY(check_header(rest.first(kHeaderSize), path_));
    rest = rest.subspan(kHeaderSize);
    end_ = kHeaderSize;
  }
  read_records(rest);
  return {};
}

void RunCache::read_records(Bytes bytes) {
  std::uint64_t position = end_;
  ByteReader reader(bytes);
  while (!reader.at_end()) {
    Bytes start = reader.rest();
    auto length = reader.le<std::uint32_t>();
    Bytes key = reader.take(32);
    Bytes text = length <= kMaxRecord ? reader.take(length) : Bytes();
    auto checksum = reader.le<std::uint64_t>();
    if (!reader.ok() || length > kMaxRecord) {
      return;  // torn by a killed writer: the next append goes to end_
    }
    std::size_t size = kRecordHead + length;
    position += size + sizeof checksum;
    if (codec::checksum(start.first(size)) != checksum) {
      continue;  // damaged: the ones behind it may be whole
    }
    store::Id id;
    std::copy(key.begin(), key.end(), id.bytes.begin());
    records_[id].emplace_back(as_text(text));
    end_ = position;
  }
}

std::vector<pipeline::StageLock> RunCache::find(const store::Id& key, const std::string& stage_folder) const {
  std::vector<pipeline::StageLock> blocks;
  auto found = records_.find(key);
  if (found == records_.end()) {
    return blocks;
  }
  for (const std::string& text : found->second) {
    auto lock = pipeline::parse_lock(text, os::join(stage_folder, pipeline::kLockFile));
    if (lock.ok() && lock->stages.size() == 1) {
      blocks.push_back(std::move(lock->stages.front()));
    }
  }
  return blocks;
}

Status RunCache::append(const store::Id& key, const std::string& stage_folder,
                        const pipeline::StageLock& block) {
  std::string text = pipeline::write_lock({{block}}, stage_folder);
  CAIRN_TRY_ASSIGN(os::FileLock lock,
                   os::FileLock::acquire(path_ + ".lock", os::LockMode::exclusive, kPatience));
  CAIRN_TRY(load());
  std::vector<std::string>& present = records_[key];
  if (std::find(present.begin(), present.end(), text) != present.end()) {
    return {};
  }
  CAIRN_TRY_ASSIGN(os::Fd file, os::open_file(path_, O_RDWR | O_CREAT, 0666));
  if (end_ == 0) {
    CAIRN_TRY(os::write_at(file.get(), encode_header(), 0, path_));
    CAIRN_TRY(os::sync_folder(std::string(os::parent_of(path_))));
    end_ = kHeaderSize;
  }
  Buffer record = encode_record(key, text);
  CAIRN_TRY(os::write_at(file.get(), record, end_, path_));
  if (ftruncate(file.get(), static_cast<off_t>(end_ + record.size())) != 0) {
    return Error::from_errno(errno, "cannot cut", path_);
  }
  CAIRN_TRY(os::sync_data(file.get(), path_));
  CAIRN_TRY(file.close(path_));
  end_ += record.size();
  present.push_back(std::move(text));
  return {};
}

}  // namespace cairn::ops
