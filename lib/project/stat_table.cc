// SPDX-License-Identifier: Apache-2.0
#include "project/stat_table.h"

#include <algorithm>
#include <array>

#include "codec/hash.h"

namespace cairn::project {
namespace {

constexpr std::string_view kMagic = "CAIRNSTC";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kHeaderSize = 32;
constexpr std::size_t kRowSize = 80;
constexpr std::size_t kIdAt = 40;
constexpr std::size_t kChecksumAt = 72;
constexpr std::size_t kMaxPath = 4096;

/// Checksum over everything in a row before its checksum, mixed with that of its path.
std::uint64_t row_checksum(Bytes row, std::string_view path) {
  std::array<std::uint8_t, kRowSize> text;
  std::copy_n(row.begin(), kChecksumAt, text.begin());
  store_le<std::uint64_t>(text.data() + kChecksumAt, codec::checksum(as_bytes(path)));
  return codec::checksum(text);
}

}  // namespace

StatTable::StatTable(Bytes bytes) {
  ByteReader header(bytes);
  const bool known = as_text(header.take(kMagic.size())) == kMagic &&
                     header.le<std::uint32_t>() == kVersion && header.le<std::uint32_t>() == 0;
  const auto count = header.le<std::uint64_t>();
  const auto names_size = header.le<std::uint64_t>();
  if (!header.ok() || !known || count > header.rest().size() / kRowSize ||
      names_size != header.rest().size() - count * kRowSize) {
    return;
  }
  count_ = count;
  rows_ = header.take(count * kRowSize);
  names_ = header.rest();
}

std::optional<std::string_view> StatTable::path(std::size_t i) const {
  const std::uint8_t* row = rows_.data() + i * kRowSize;
  const auto place = load_le<std::uint64_t>(row);
  const std::uint64_t begin = place >> 16;
  const std::uint64_t length = place & 0xffff;
  if (length > kMaxPath || begin > names_.size() || length > names_.size() - begin) {
    return std::nullopt;
  }
  return as_text(names_.subspan(begin, length));
}

std::optional<StatRow> StatTable::row(std::size_t i) const {
  const Bytes bytes = rows_.subspan(i * kRowSize, kRowSize);
  const std::optional<std::string_view> name = path(i);
  if (!name || row_checksum(bytes, *name) != load_le<std::uint64_t>(bytes.data() + kChecksumAt)) {
    return std::nullopt;
  }
  StatRow row;
  row.size = load_le<std::uint64_t>(bytes.data() + 8);
  row.mtime_ns = load_le<std::int64_t>(bytes.data() + 16);
  row.ctime_ns = load_le<std::int64_t>(bytes.data() + 24);
  row.inode = load_le<std::uint64_t>(bytes.data() + 32);
  std::copy_n(bytes.begin() + kIdAt, row.id.bytes.size(), row.id.bytes.begin());
  return row;
}

std::optional<StatRow> StatTable::find(std::string_view wanted) const {
  std::size_t low = 0;
  std::size_t high = count_;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const std::optional<std::string_view> name = path(middle);
    if (!name) {
      return std::nullopt;
    }
    const int order = name->compare(wanted);
    if (order == 0) {
      return row(middle);
    }
    (order < 0 ? low : high) = order < 0 ? middle + 1 : middle;
  }
  return std::nullopt;
}

void StatTableBuilder::add(std::string_view path, const StatRow& row) {
  if (path.size() > kMaxPath) {
    return;  // no workspace path is that long; what is not cached is only slower
  }
  const std::size_t at = rows_.size();
  append_le<std::uint64_t>(rows_, (static_cast<std::uint64_t>(names_.size()) << 16) | path.size());
  append_le(rows_, row.size);
  append_le(rows_, row.mtime_ns);
  append_le(rows_, row.ctime_ns);
  append_le(rows_, row.inode);
  append(rows_, row.id.bytes);
  rows_.resize(at + kRowSize);
  store_le(rows_.data() + at + kChecksumAt, row_checksum(Bytes(rows_).subspan(at, kRowSize), path));
  append(names_, as_bytes(path));
}

Buffer StatTableBuilder::finish() const {
  Buffer out;
  out.reserve(kHeaderSize + rows_.size() + names_.size());
  append(out, as_bytes(kMagic));
  append_le(out, kVersion);
  append_le<std::uint32_t>(out, 0);
  append_le<std::uint64_t>(out, rows_.size() / kRowSize);
  append_le<std::uint64_t>(out, names_.size());
  append(out, rows_);
  append(out, names_);
  return out;
}

}  // namespace cairn::project
