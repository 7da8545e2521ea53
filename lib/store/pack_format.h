// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/result.h"
#include "codec/compress.h"
#include "store/key.h"

/// The layout of a pack, byte by byte: docs/format/pack.md. This header reads and writes bytes only.
namespace cairn::store {

inline constexpr std::size_t kPackHeaderSize = 16;
inline constexpr std::size_t kPackFooterSize = 64;
inline constexpr std::size_t kPackEntrySize = 72;
/// Size at which a writer starts the next pack, in bytes.
inline constexpr std::uint64_t kPackSize = 64u << 20;
/// No block of a pack decodes to more than this many bytes; a reader refuses one that says so.
inline constexpr std::uint32_t kMaxBlockSize = 8u << 20;
/// Nor is its stored form longer than this: encoding adds less than 1/128, and an index row has 3 bytes for
/// it.
inline constexpr std::uint32_t kMaxStoredSize = kMaxBlockSize + kMaxBlockSize / 128;

/// Where an entry's bytes are in a pack: `stored_size` bytes at `offset` decode to a block of `block_size`
/// bytes, of which the entry is `size` bytes from `in_block` on. Several small entries share one block.
struct Place {
  std::uint64_t offset = 0;
  std::uint32_t stored_size = 0;
  std::uint32_t block_size = 0;
  std::uint32_t in_block = 0;
  std::uint32_t size = 0;
  codec::Codec codec = codec::Codec::raw;

  bool operator==(const Place&) const = default;
};

/// One row of a pack's table. `checksum` is XXH3-64 of the stored bytes of its block.
struct PackEntry {
  Key key;
  Place place;
  std::uint64_t checksum = 0;
};

/// A pack's table and its name: the id is the BLAKE3 (domain table) of the table's bytes.
struct PackTable {
  Id id;
  std::vector<PackEntry> entries;
  std::uint64_t blocks_end = 0;  ///< where blocks end and the table starts
};

Buffer encode_pack_header();
/// Table and footer that follow blocks which end at `blocks_end`; `id` receives the pack's name.
Buffer encode_pack_tail(const std::vector<PackEntry>& entries, std::uint64_t blocks_end, Id& id);

/// Position of the table from a pack's last kPackFooterSize bytes and its length.
struct PackFooter {
  std::uint64_t blocks_end = 0;
  std::uint64_t entry_count = 0;
  Id table_id;
};
/// Errors: `corrupt` for anything that is not a whole pack of that length; `unsupported` for a newer version.
Result<PackFooter> decode_pack_footer(Bytes footer, std::uint64_t pack_size);
/// Checks the table's hash and every row (known kinds and codecs, places inside the blocks, limits).
Result<PackTable> decode_pack_table(Bytes table, const PackFooter& footer);
/// Checks magic and version of the first kPackHeaderSize bytes.
Status check_pack_header(Bytes header);

/// Header, footer and table of the pack file at `path`. Cost: three reads, no block is read.
Result<PackTable> read_pack_table(const std::string& path);

}  // namespace cairn::store
