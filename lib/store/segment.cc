// SPDX-License-Identifier: Apache-2.0
#include "store/segment.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/escape.h"
#include "os/path.h"

namespace cairn::store {
namespace {

constexpr std::string_view kMagic = "CAIRNIDX";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kHeaderSize = 64;
constexpr std::size_t kRowSize = 56;
/// Where a row has its kind and its reserved byte.
constexpr std::size_t kRowKind = 53;
constexpr std::size_t kRowReserved = 55;
constexpr std::size_t kNameDigits = 32;
constexpr unsigned kMaxFanBits = 16;
/// Segments up to this size are hashed when they are opened: 0.1 ms.
constexpr std::size_t kVerifyOnOpen = 1u << 20;

/// About eight entries a bucket, so that a small segment has a small table.
unsigned fan_bits_for(std::size_t entries) {
  unsigned bits = entries < 16 ? 0 : static_cast<unsigned>(std::bit_width(entries)) - 4;
  return std::min(bits, kMaxFanBits);
}

std::size_t bucket_of(const Id& id, unsigned bits) {
  return bits == 0 ? 0 : static_cast<std::size_t>(id.prefix() >> (64 - bits));
}

void append_uint(Buffer& out, std::uint64_t value, unsigned width) {
  for (unsigned i = 0; i < width; ++i) {
    out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
}

std::uint64_t load_uint(const std::uint8_t* p, unsigned width) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < width; ++i) {
    value |= std::uint64_t{p[i]} << (8 * i);
  }
  return value;
}

void append_row(Buffer& out, const SegmentEntry& entry) {
  append(out, entry.key.id.bytes);
  append_uint(out, entry.place.offset, 5);
  append_uint(out, entry.place.stored_size, 3);
  append_uint(out, entry.place.block_size, 3);
  append_uint(out, entry.place.in_block, 3);
  append_uint(out, entry.place.size, 3);
  append_uint(out, entry.pack, 4);
  out.push_back(static_cast<std::uint8_t>(entry.key.kind));
  out.push_back(static_cast<std::uint8_t>(entry.place.codec));
  out.push_back(0);
}

SegmentEntry decode_row(const std::uint8_t* p) {
  SegmentEntry entry;
  std::copy_n(p, 32, entry.key.id.bytes.begin());
  entry.place.offset = load_uint(p + 32, 5);
  entry.place.stored_size = static_cast<std::uint32_t>(load_uint(p + 37, 3));
  entry.place.block_size = static_cast<std::uint32_t>(load_uint(p + 40, 3));
  entry.place.in_block = static_cast<std::uint32_t>(load_uint(p + 43, 3));
  entry.place.size = static_cast<std::uint32_t>(load_uint(p + 46, 3));
  entry.pack = load_le<std::uint32_t>(p + 49);
  entry.key.kind = static_cast<EntryKind>(p[53]);
  entry.place.codec = static_cast<codec::Codec>(p[54]);
  return entry;
}

Error corrupt(std::string_view path, std::string_view what) {
  return {Code::corrupt, "damaged index segment " + quoted(path) + ": " + std::string(what),
          "cairn fsck --rebuild-index"};
}

bool in_order(const SegmentEntry& a, const SegmentEntry& b) {
  return a.key == b.key ? a.pack < b.pack : a.key < b.key;
}

/// Order of a row's key and another.
int compare(const std::uint8_t* row, const Key& key) {
  int order = std::memcmp(row, key.id.bytes.data(), key.id.bytes.size());
  return order != 0 ? order : static_cast<int>(row[kRowKind]) - static_cast<int>(key.kind);
}

Buffer encode_fan_table(const std::vector<SegmentEntry>& entries, unsigned bits) {
  std::size_t buckets = std::size_t{1} << bits;
  std::vector<std::uint32_t> starts(buckets + 1, 0);
  for (const SegmentEntry& entry : entries) {
    ++starts[bucket_of(entry.key.id, bits) + 1];
  }
  Buffer out;
  std::uint32_t sum = 0;
  for (std::uint32_t count : starts) {
    sum += count;
    append_le(out, sum);
  }
  return out;
}

}  // namespace

std::string segment_name(Bytes segment) {
  return codec::hash(segment, codec::Domain::table).hex().substr(0, kNameDigits) +
         std::string(kSegmentSuffix);
}

Buffer encode_segment(std::span<const Id> packs, std::vector<SegmentEntry> entries) {
  auto same = [](const SegmentEntry& a, const SegmentEntry& b) { return a.key == b.key && a.pack == b.pack; };
  std::stable_sort(entries.begin(), entries.end(), in_order);
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
  unsigned bits = fan_bits_for(entries.size());

  Buffer body;
  body.reserve(packs.size() * 32 + entries.size() * kRowSize + (4u << bits) + 8);
  for (const Id& pack : packs) {
    append(body, pack.bytes);
  }
  append(body, encode_fan_table(entries, bits));
  for (const SegmentEntry& entry : entries) {
    append_row(body, entry);
  }

  Buffer out;
  out.reserve(kHeaderSize + body.size());
  append(out, as_bytes(kMagic));
  append_le(out, kVersion);
  append_le<std::uint32_t>(out, bits);
  append_le<std::uint64_t>(out, entries.size());
  append_le<std::uint64_t>(out, packs.size());
  append(out, codec::hash(body, codec::Domain::table).bytes);
  append(out, body);
  return out;
}

Result<Segment> Segment::open(const std::string& path) {
  CAIRN_TRY_ASSIGN(os::Mapping mapping, os::Mapping::open(path));
  Segment segment(path, std::move(mapping));
  CAIRN_TRY(segment.parse());
  if (segment.mapping_.bytes().size() <= kVerifyOnOpen) {
    CAIRN_TRY(segment.verify());
  }
  return segment;
}

Status Segment::parse() {
  ByteReader reader(mapping_.bytes());
  if (as_text(reader.take(kMagic.size())) != kMagic) {
    return corrupt(path_, "it does not start as one");
  }
  auto version = reader.le<std::uint32_t>();
  if (version > kVersion) {
    if (!has_its_name()) {
      return corrupt(path_, "its name does not match its content");
    }
    return Error(Code::unsupported, "index segment " + quoted(path_) + " has a newer format",
                 "install a newer cairn, or run cairn fsck --rebuild-index");
  }
  fan_bits_ = reader.le<std::uint32_t>();
  auto entries = reader.le<std::uint64_t>();
  auto packs = reader.le<std::uint64_t>();
  reader.take(32);
  constexpr std::uint64_t kLimit = std::uint64_t{1} << 40;
  if (!reader.ok() || version != kVersion || fan_bits_ > kMaxFanBits || entries > kLimit || packs > kLimit) {
    return corrupt(path_, "its header is damaged");
  }
  std::size_t fan_size = ((std::size_t{1} << fan_bits_) + 1) * 4;
  if (reader.rest().size() != packs * 32 + fan_size + entries * kRowSize) {
    return corrupt(path_, "its length does not fit its header");
  }
  for (std::uint64_t i = 0; i < packs; ++i) {
    Bytes id = reader.take(32);
    std::copy(id.begin(), id.end(), packs_.emplace_back().bytes.begin());
  }
  fan_table_ = reader.take(fan_size);
  rows_ = reader.rest();
  count_ = entries;
  return {};
}

/// Tells a newer version from a flipped bit. Every version is named so, in a remote by all 64 digits.
bool Segment::has_its_name() const {
  std::string_view name = os::name_of(path_);
  std::string_view digits = name.substr(0, name.find('.'));
  return digits.size() >= kNameDigits &&
         codec::hash(mapping_.bytes(), codec::Domain::table).hex().starts_with(digits);
}

std::uint32_t Segment::fan(std::size_t bucket) const {
  return load_le<std::uint32_t>(fan_table_.data() + bucket * 4);
}

Bytes Segment::row(std::size_t i) const {
  return rows_.subspan(i * kRowSize, kRowSize);
}

SegmentEntry Segment::at(std::size_t i) const {
  return decode_row(row(i).data());
}

std::pair<std::size_t, std::size_t> Segment::rows_of(const Key& key) const {
  std::size_t bucket = bucket_of(key.id, fan_bits_);
  std::size_t low = fan(bucket);
  const std::size_t end = std::min<std::size_t>(fan(bucket + 1), count_);
  for (std::size_t high = end; low < high;) {
    std::size_t middle = low + (high - low) / 2;
    if (compare(row(middle).data(), key) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  std::size_t behind = low;
  while (behind < end && compare(row(behind).data(), key) == 0) {
    ++behind;
  }
  return {low, behind};
}

std::optional<SegmentEntry> Segment::find(const Key& key) const {
  auto [row, end] = rows_of(key);
  if (row == end) {
    return std::nullopt;
  }
  SegmentEntry entry = at(row);
  return entry.pack < packs_.size() ? std::optional(entry) : std::nullopt;
}

bool Segment::is_sound_row(std::size_t i) const {
  SegmentEntry entry = at(i);
  const Place& place = entry.place;
  std::size_t bucket = bucket_of(entry.key.id, fan_bits_);
  return is_known(entry.key.kind) && place.codec <= codec::Codec::xor_planes && entry.pack < packs_.size() &&
         place.block_size <= kMaxBlockSize && place.size <= place.block_size &&
         place.in_block <= place.block_size - place.size && row(i)[kRowReserved] == 0 && fan(bucket) <= i &&
         i < fan(bucket + 1);
}

Status Segment::verify() const {
  Bytes all = mapping_.bytes();
  Id expected;
  std::copy_n(all.data() + kHeaderSize - 32, 32, expected.bytes.begin());
  if (codec::hash(all.subspan(kHeaderSize), codec::Domain::table) != expected) {
    return corrupt(path_, "its hash does not match");
  }
  std::size_t buckets = std::size_t{1} << fan_bits_;
  bool rising = fan(0) == 0 && fan(buckets) == count_;
  for (std::size_t i = 0; i < buckets && rising; ++i) {
    rising = fan(i) <= fan(i + 1);
  }
  if (!rising) {
    return corrupt(path_, "its fan table does not fit its entries");
  }
  for (std::size_t i = 0; i < count_; ++i) {
    if (!is_sound_row(i) || (i > 0 && !in_order(at(i - 1), at(i)))) {
      return corrupt(path_, "its entries are out of order or outside their limits");
    }
  }
  return {};
}

}  // namespace cairn::store
