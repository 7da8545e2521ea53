// SPDX-License-Identifier: Apache-2.0
#include "store/pack_format.h"

#include <fcntl.h>

#include <array>

#include "base/escape.h"
#include "os/fd.h"
#include "os/file.h"

namespace cairn::store {
namespace {

constexpr std::string_view kHeaderMagic = "CAIRNPCK";
constexpr std::string_view kFooterMagic = "CAIRNEND";
constexpr std::uint32_t kVersion = 1;
/// A pack's table may hold this many entries: more would not fit a pack of small files.
constexpr std::uint64_t kMaxEntries = 1u << 24;

Error corrupt(std::string_view what) {
  return {Code::corrupt, "damaged pack: " + std::string(what)};
}

void append_entry(Buffer& out, const PackEntry& entry) {
  out.push_back(static_cast<std::uint8_t>(entry.key.kind));
  out.push_back(static_cast<std::uint8_t>(entry.place.codec));
  append_le<std::uint16_t>(out, 0);  // flags
  append_le<std::uint32_t>(out, 0);  // base of a delta
  append(out, entry.key.id.bytes);
  append_le(out, entry.place.offset);
  append_le(out, entry.place.stored_size);
  append_le(out, entry.place.block_size);
  append_le(out, entry.place.in_block);
  append_le(out, entry.place.size);
  append_le(out, entry.checksum);
}

/// Checks one row against the limits that a reader relies on.
Status check_entry(const PackEntry& entry, std::uint64_t blocks_end) {
  const Place& place = entry.place;
  if (!is_known(entry.key.kind)) {
    return corrupt("an entry has an unknown kind");
  }
  if (place.codec > codec::Codec::xor_planes) {
    return corrupt("an entry has an unknown codec");
  }
  if (place.offset < kPackHeaderSize || place.offset > blocks_end ||
      place.stored_size > blocks_end - place.offset) {
    return corrupt("an entry lies outside the blocks");
  }
  if (place.stored_size > kMaxStoredSize) {
    return corrupt("a block is too long");
  }
  if (place.block_size > kMaxBlockSize || place.size > place.block_size ||
      place.in_block > place.block_size - place.size) {
    return corrupt("an entry lies outside its block");
  }
  return {};
}

Result<PackEntry> decode_entry(ByteReader& reader, std::uint64_t blocks_end) {
  PackEntry entry;
  entry.key.kind = static_cast<EntryKind>(reader.le<std::uint8_t>());
  entry.place.codec = static_cast<codec::Codec>(reader.le<std::uint8_t>());
  auto flags = reader.le<std::uint16_t>();
  auto base = reader.le<std::uint32_t>();
  if (flags != 0 || base != 0) {
    return Error(Code::unsupported, "the pack uses a feature that this cairn does not know",
                 "install a newer cairn");
  }
  Bytes id = reader.take(32);
  std::copy(id.begin(), id.end(), entry.key.id.bytes.begin());
  entry.place.offset = reader.le<std::uint64_t>();
  entry.place.stored_size = reader.le<std::uint32_t>();
  entry.place.block_size = reader.le<std::uint32_t>();
  entry.place.in_block = reader.le<std::uint32_t>();
  entry.place.size = reader.le<std::uint32_t>();
  entry.checksum = reader.le<std::uint64_t>();
  CAIRN_TRY(check_entry(entry, blocks_end));
  return entry;
}

}  // namespace

Buffer encode_pack_header() {
  Buffer out;
  append(out, as_bytes(kHeaderMagic));
  append_le(out, kVersion);
  append_le<std::uint32_t>(out, 0);
  return out;
}

Status check_pack_header(Bytes header) {
  ByteReader reader(header);
  if (as_text(reader.take(kHeaderMagic.size())) != kHeaderMagic) {
    return corrupt("it does not start as a pack");
  }
  auto version = reader.le<std::uint32_t>();
  auto reserved = reader.le<std::uint32_t>();
  if (version > kVersion) {
    return Error(Code::unsupported, "pack format " + std::to_string(version) + " is newer than this cairn",
                 "install a newer cairn");
  }
  return version == kVersion && reserved == 0 && reader.ok() ? Status() : corrupt("its header is damaged");
}

Buffer encode_pack_tail(const std::vector<PackEntry>& entries, std::uint64_t blocks_end, Id& id) {
  Buffer out;
  out.reserve(entries.size() * kPackEntrySize + kPackFooterSize);
  for (const PackEntry& entry : entries) {
    append_entry(out, entry);
  }
  id = codec::hash(out, codec::Domain::table);
  Buffer footer;
  append(footer, as_bytes(kFooterMagic));
  append_le(footer, blocks_end);
  append_le<std::uint64_t>(footer, entries.size());
  append(footer, id.bytes);
  append_le(footer, codec::checksum(footer));
  append(out, footer);
  return out;
}

Result<PackFooter> decode_pack_footer(Bytes footer, std::uint64_t pack_size) {
  if (footer.size() != kPackFooterSize || pack_size < kPackHeaderSize + kPackFooterSize) {
    return corrupt("it is too short");
  }
  ByteReader reader(footer);
  if (as_text(reader.take(kFooterMagic.size())) != kFooterMagic) {
    return corrupt("it does not end as a pack; it was cut short or never finished");
  }
  PackFooter out;
  out.blocks_end = reader.le<std::uint64_t>();
  out.entry_count = reader.le<std::uint64_t>();
  Bytes id = reader.take(32);
  std::copy(id.begin(), id.end(), out.table_id.bytes.begin());
  if (reader.le<std::uint64_t>() != codec::checksum(footer.first(kPackFooterSize - 8))) {
    return corrupt("the checksum of its footer does not match");
  }
  std::uint64_t tail = out.entry_count * kPackEntrySize + kPackFooterSize;
  if (out.entry_count > kMaxEntries || out.blocks_end < kPackHeaderSize || tail > pack_size ||
      out.blocks_end != pack_size - tail) {
    return corrupt("its footer does not fit its length");
  }
  return out;
}

Result<PackTable> decode_pack_table(Bytes table, const PackFooter& footer) {
  if (table.size() != footer.entry_count * kPackEntrySize) {
    return corrupt("its table has the wrong length");
  }
  if (codec::hash(table, codec::Domain::table) != footer.table_id) {
    return corrupt("the hash of its table does not match");
  }
  PackTable out;
  out.id = footer.table_id;
  out.blocks_end = footer.blocks_end;
  out.entries.reserve(footer.entry_count);
  ByteReader reader(table);
  for (std::uint64_t i = 0; i < footer.entry_count; ++i) {
    CAIRN_TRY_ASSIGN(PackEntry entry, decode_entry(reader, footer.blocks_end));
    out.entries.push_back(entry);
  }
  return out;
}

Result<PackTable> read_pack_table(const std::string& path) {
  CAIRN_TRY_ASSIGN(os::Fd file, os::open_file(path, O_RDONLY));
  CAIRN_TRY_ASSIGN(os::FileStat stat, os::stat_fd(file.get(), path));
  if (stat.size < kPackHeaderSize + kPackFooterSize) {
    return corrupt("it is too short").with_context(quoted(path));
  }
  std::array<std::uint8_t, kPackHeaderSize> header{};
  std::array<std::uint8_t, kPackFooterSize> tail{};
  CAIRN_TRY(os::read_exactly_at(file.get(), header, 0, path));
  CAIRN_TRY(os::read_exactly_at(file.get(), tail, stat.size - kPackFooterSize, path));
  if (Status checked = check_pack_header(header); !checked.ok()) {
    return checked.error().with_context(quoted(path));
  }
  auto footer = decode_pack_footer(tail, stat.size);
  if (!footer.ok()) {
    return footer.error().with_context(quoted(path));
  }
  Buffer table(footer->entry_count * kPackEntrySize);
  CAIRN_TRY(os::read_exactly_at(file.get(), table, footer->blocks_end, path));
  auto decoded = decode_pack_table(table, *footer);
  if (!decoded.ok()) {
    return decoded.error().with_context(quoted(path));
  }
  return decoded;
}

}  // namespace cairn::store
