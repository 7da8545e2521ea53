// SPDX-License-Identifier: Apache-2.0
#include "store/pack_format.h"

#include "support/store_fixture.h"

namespace cairn::store {
namespace {

using cairn::test::FailsWith;

/// A table row for `size` raw bytes at `offset`.
PackEntry entry_at(std::uint64_t offset, std::uint32_t size, std::uint8_t id = 1) {
  PackEntry entry;
  entry.key.id.bytes.fill(id);
  entry.place = {offset, size, size, 0, size, codec::Codec::raw};
  entry.checksum = 0x1122334455667788;
  return entry;
}

/// Encodes a pack's tail for 100 bytes of blocks and reads it back.
Result<PackTable> round_trip(const std::vector<PackEntry>& entries) {
  constexpr std::uint64_t kBlocksEnd = kPackHeaderSize + 100;
  Id id;
  Buffer tail = encode_pack_tail(entries, kBlocksEnd, id);
  std::size_t table_size = tail.size() - kPackFooterSize;
  CAIRN_TRY_ASSIGN(PackFooter footer,
                   decode_pack_footer(Bytes(tail).subspan(table_size), kBlocksEnd + tail.size()));
  return decode_pack_table(Bytes(tail).first(table_size), footer);
}

TEST(PackFormat, HasTheSizesThatThePageStates) {
  Id id;
  EXPECT_EQ(encode_pack_header().size(), kPackHeaderSize);
  EXPECT_EQ(encode_pack_tail({}, 16, id).size(), kPackFooterSize);
  EXPECT_EQ(encode_pack_tail({entry_at(16, 4)}, 20, id).size(), kPackEntrySize + kPackFooterSize);
}

TEST(PackFormat, ReadsBackEveryFieldOfATable) {
  PackEntry first = entry_at(16, 40, 7);
  first.key.kind = EntryKind::tree_recipe;
  PackEntry second = entry_at(56, 60, 8);
  second.place = {56, 60, 4000, 1000, 3000, codec::Codec::zstd};
  ASSERT_OK_AND_ASSIGN(PackTable table, round_trip({first, second}));
  ASSERT_EQ(table.entries.size(), 2u);
  EXPECT_EQ(table.entries[0].key, first.key);
  EXPECT_EQ(table.entries[0].place, first.place);
  EXPECT_EQ(table.entries[1].key, second.key);
  EXPECT_EQ(table.entries[1].place, second.place);
  EXPECT_EQ(table.entries[1].checksum, second.checksum);
  EXPECT_EQ(table.blocks_end, kPackHeaderSize + 100);
}

TEST(PackFormat, AcceptsATableWithoutEntries) {
  ASSERT_OK_AND_ASSIGN(PackTable table, round_trip({}));
  EXPECT_TRUE(table.entries.empty());
}

TEST(PackFormat, NamesAPackByItsTable) {
  Id one;
  Id other;
  encode_pack_tail({entry_at(16, 4, 1)}, 20, one);
  encode_pack_tail({entry_at(16, 4, 2)}, 20, other);
  EXPECT_NE(one, other);
}

TEST(PackFormat, RefusesANewerVersionAndNamesTheRemedy) {
  Buffer header = encode_pack_header();
  header[8] = 2;
  auto checked = check_pack_header(header);
  EXPECT_THAT(checked, FailsWith(Code::unsupported, "pack format 2"));
  EXPECT_EQ(checked.error().hint(), "install a newer cairn");
}

TEST(PackFormat, RefusesEveryOtherHeader) {
  for (std::size_t i = 0; i < kPackHeaderSize; ++i) {
    Buffer header = encode_pack_header();
    header[i] ^= 0x40;
    EXPECT_FALSE(check_pack_header(header).ok()) << "byte " << i;
    EXPECT_FALSE(check_pack_header(Bytes(encode_pack_header()).first(i)).ok()) << "first " << i;
  }
  Buffer old = encode_pack_header();
  old[8] = 0;
  EXPECT_THAT(check_pack_header(old), FailsWith(Code::corrupt, "header"));
}

struct BadRow {
  const char* name;
  PackEntry entry;
  const char* message;
};

std::vector<BadRow> bad_rows() {
  std::vector<BadRow> rows;
  auto add = [&](const char* name, const char* message, const std::function<void(PackEntry&)>& change) {
    PackEntry entry = entry_at(16, 100);
    change(entry);
    rows.push_back({name, entry, message});
  };
  add("kind 0", "unknown kind", [](PackEntry& e) { e.key.kind = static_cast<EntryKind>(0); });
  add("kind 6", "unknown kind", [](PackEntry& e) { e.key.kind = static_cast<EntryKind>(6); });
  add("codec 6", "unknown codec", [](PackEntry& e) { e.place.codec = static_cast<codec::Codec>(6); });
  add("in the header", "outside the blocks", [](PackEntry& e) { e.place.offset = 15; });
  add("behind the blocks", "outside the blocks", [](PackEntry& e) { e.place.offset = 117; });
  add("past the end", "outside the blocks", [](PackEntry& e) { e.place.offset = 17; });
  add("offset wraps", "outside the blocks", [](PackEntry& e) { e.place.offset = UINT64_MAX - 50; });
  add("huge block", "outside its block", [](PackEntry& e) { e.place.block_size = kMaxBlockSize + 1; });
  add("longer than its block", "outside its block", [](PackEntry& e) { e.place.size = 101; });
  add("past its block", "outside its block", [](PackEntry& e) { e.place.in_block = 1; });
  add("place wraps", "outside its block", [](PackEntry& e) {
    e.place.in_block = UINT32_MAX;
    e.place.size = 1;
  });
  return rows;
}

TEST(PackFormat, RefusesRowsThatAReaderCouldNotTrust) {
  for (const BadRow& row : bad_rows()) {
    EXPECT_THAT(round_trip({row.entry}), FailsWith(Code::corrupt, row.message)) << row.name;
  }
}

TEST(PackFormat, RefusesABlockLongerThanAnIndexRowCanSay) {
  // 3 bytes hold a stored size in the index; encoding grows a block by less than 1/128.
  constexpr std::uint64_t kBlocksEnd = kPackHeaderSize + (64u << 20);
  PackEntry entry = entry_at(16, 100);
  entry.place.stored_size = (1u << 24) + 100;
  Id id;
  Buffer tail = encode_pack_tail({entry}, kBlocksEnd, id);
  ASSERT_OK_AND_ASSIGN(PackFooter footer,
                       decode_pack_footer(Bytes(tail).subspan(kPackEntrySize), kBlocksEnd + tail.size()));
  EXPECT_THAT(decode_pack_table(Bytes(tail).first(kPackEntrySize), footer),
              FailsWith(Code::corrupt, "too long"));
}

TEST(PackFormat, RefusesReservedFieldsAsANewerFeature) {
  for (std::size_t field : {2u, 3u, 4u, 7u}) {
    Id id;
    Buffer tail = encode_pack_tail({entry_at(16, 4)}, 20, id);
    tail[field] = 1;
    PackFooter footer{20, 1, codec::hash(Bytes(tail).first(kPackEntrySize), codec::Domain::table)};
    EXPECT_THAT(decode_pack_table(Bytes(tail).first(kPackEntrySize), footer),
                FailsWith(Code::unsupported, "does not know"))
        << field;
  }
}

TEST(PackFormat, RefusesATableOfAnotherLengthOrHash) {
  Id id;
  Buffer tail = encode_pack_tail({entry_at(16, 4), entry_at(16, 4, 2)}, 20, id);
  Bytes table = Bytes(tail).first(2 * kPackEntrySize);
  EXPECT_THAT(decode_pack_table(table.first(kPackEntrySize), {20, 2, id}),
              FailsWith(Code::corrupt, "wrong length"));
  EXPECT_THAT(decode_pack_table(table, {20, 2, Id{}}), FailsWith(Code::corrupt, "hash of its table"));
}

TEST(PackFormat, RefusesAFooterThatDoesNotFitTheFile) {
  Id id;
  Buffer tail = encode_pack_tail({entry_at(16, 4)}, 20, id);
  Bytes footer = Bytes(tail).subspan(kPackEntrySize);
  EXPECT_OK(decode_pack_footer(footer, 20 + tail.size()));
  EXPECT_THAT(decode_pack_footer(footer, 21 + tail.size()), FailsWith(Code::corrupt, "does not fit"));
  EXPECT_THAT(decode_pack_footer(footer, 19 + tail.size()), FailsWith(Code::corrupt, "does not fit"));
  EXPECT_THAT(decode_pack_footer(footer, 10), FailsWith(Code::corrupt, "too short"));
  EXPECT_THAT(decode_pack_footer(footer.first(63), 1000), FailsWith(Code::corrupt, "too short"));
}

TEST(PackFormat, RefusesAFooterWithAnAbsurdCount) {
  for (std::uint64_t count : {std::uint64_t{1} << 25, UINT64_MAX, UINT64_MAX / kPackEntrySize + 1}) {
    Buffer footer;
    append(footer, as_bytes("CAIRNEND"));
    append_le<std::uint64_t>(footer, 16);
    append_le<std::uint64_t>(footer, count);
    footer.resize(footer.size() + 32);
    append_le(footer, codec::checksum(footer));
    EXPECT_THAT(decode_pack_footer(footer, 1000), FailsWith(Code::corrupt, "does not fit")) << count;
  }
}

TEST(PackFormat, NamesTheFileThatIsNoPack) {
  test::TempDir dir;
  EXPECT_THAT(read_pack_table(dir / "none.pack"), FailsWith(Code::not_found, "none.pack"));
  test::write_text(dir / "empty.pack", "");
  EXPECT_THAT(read_pack_table(dir / "empty.pack"), FailsWith(Code::corrupt, "empty.pack"));
  test::write_text(dir / "text.pack", std::string(500, 'x'));
  EXPECT_THAT(read_pack_table(dir / "text.pack"), FailsWith(Code::corrupt, "text.pack"));
}

}  // namespace
}  // namespace cairn::store
