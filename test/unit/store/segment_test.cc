// SPDX-License-Identifier: Apache-2.0
#include "store/segment.h"

#include <algorithm>

#include "support/random.h"
#include "support/store_fixture.h"

namespace cairn::store {
namespace {

using cairn::test::FailsWith;

Id random_id(test::SplitMix64& random) {
  Id id;
  for (std::size_t i = 0; i < 32; i += 8) {
    store_le(id.bytes.data() + i, random.next());
  }
  return id;
}

std::vector<SegmentEntry> make_entries(std::size_t count, std::uint32_t packs, std::uint64_t seed = 1) {
  test::SplitMix64 random(seed);
  std::vector<SegmentEntry> entries(count);
  for (SegmentEntry& entry : entries) {
    entry.key.kind = static_cast<EntryKind>(1 + random.below(5));
    entry.key.id = random_id(random);
    entry.place.block_size = 1u + static_cast<std::uint32_t>(random.below(kMaxBlockSize));
    entry.place.size = static_cast<std::uint32_t>(random.below(entry.place.block_size + 1u));
    entry.place.in_block = entry.place.block_size - entry.place.size;
    entry.place.stored_size = static_cast<std::uint32_t>(random.below(kMaxBlockSize));
    entry.place.offset = 16 + (random.next() >> 25);  // 39 bits
    entry.place.codec = static_cast<codec::Codec>(random.below(3));
    entry.pack = static_cast<std::uint32_t>(random.below(packs));
  }
  return entries;
}

class SegmentTest : public ::testing::Test {
 protected:
  Result<Segment> open(Bytes bytes) {
    std::string path = dir_ / ("s" + std::to_string(count_++) + ".idx");
    test::write_bytes(path, bytes);
    return Segment::open(path);
  }
  Result<Segment> make(const std::vector<SegmentEntry>& entries, std::size_t packs = 3) {
    return open(encode_segment(std::vector<Id>(packs), entries));
  }
  test::TempDir dir_;
  int count_ = 0;
};

TEST_F(SegmentTest, FindsEveryEntryOfAnySize) {
  for (std::size_t count : {0u, 1u, 2u, 15u, 16u, 17u, 1000u, 40000u}) {
    auto entries = make_entries(count, 3);
    ASSERT_OK_AND_ASSIGN(Segment segment, make(entries));
    EXPECT_EQ(segment.size(), count);
    EXPECT_OK(segment.verify());
    for (const SegmentEntry& entry : entries) {
      auto found = segment.find(entry.key);
      ASSERT_TRUE(found.has_value()) << count;
      EXPECT_EQ(found->place, entry.place);
      EXPECT_EQ(found->pack, entry.pack);
    }
  }
}

TEST_F(SegmentTest, FindsNothingElse) {
  auto entries = make_entries(1000, 3);
  ASSERT_OK_AND_ASSIGN(Segment segment, make(entries));
  for (const SegmentEntry& other : make_entries(1000, 3, 99)) {
    EXPECT_FALSE(segment.find(other.key).has_value());
  }
  for (SegmentEntry entry : entries) {
    entry.key.id.bytes[31] ^= 1;
    EXPECT_FALSE(segment.find(entry.key).has_value());
  }
}

TEST_F(SegmentTest, TellsKindsOfOneIdApart) {
  std::vector<SegmentEntry> entries(2);
  entries[0].key.kind = EntryKind::recipe;
  entries[0].place.offset = 100;
  entries[1].key.kind = EntryKind::data;
  entries[1].place.offset = 200;
  ASSERT_OK_AND_ASSIGN(Segment segment, make(entries));
  EXPECT_EQ(segment.find({EntryKind::recipe, {}})->place.offset, 100u);
  EXPECT_EQ(segment.find({EntryKind::data, {}})->place.offset, 200u);
  EXPECT_FALSE(segment.find({EntryKind::node, {}}).has_value());
}

TEST_F(SegmentTest, FindsIdsAtBothEndsOfTheFanTable) {
  auto entries = make_entries(5000, 3);
  entries[0].key.id.bytes.fill(0);
  entries[1].key.id.bytes.fill(0xff);
  ASSERT_OK_AND_ASSIGN(Segment segment, make(entries));
  EXPECT_TRUE(segment.find(entries[0].key).has_value());
  EXPECT_TRUE(segment.find(entries[1].key).has_value());
}

TEST_F(SegmentTest, FindsIdsThatShareALongPrefix) {
  auto entries = make_entries(3000, 3);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    std::fill_n(entries[i].key.id.bytes.begin(), 28, std::uint8_t{0x55});
  }
  ASSERT_OK_AND_ASSIGN(Segment segment, make(entries));
  for (const SegmentEntry& entry : entries) {
    EXPECT_TRUE(segment.find(entry.key).has_value());
  }
}

TEST_F(SegmentTest, HoldsTheLargestValues) {
  SegmentEntry entry;
  entry.place = {
      (std::uint64_t{1} << 40) - 1, (1u << 24) - 1, kMaxBlockSize, 0, kMaxBlockSize, codec::Codec::zstd};
  entry.pack = 2;
  ASSERT_OK_AND_ASSIGN(Segment segment, make({entry}));
  EXPECT_EQ(segment.at(0).place, entry.place);
}

TEST_F(SegmentTest, DoesNotDependOnTheOrderOfItsEntries) {
  auto entries = make_entries(500, 3);
  std::vector<Id> packs(3);
  Buffer one = encode_segment(packs, entries);
  std::reverse(entries.begin(), entries.end());
  EXPECT_EQ(encode_segment(packs, entries), one);
}

TEST_F(SegmentTest, KeepsTheFirstOfTwoRowsForOneKeyAndPack) {
  auto entries = make_entries(1, 1);
  entries.push_back(entries[0]);
  entries[1].place.offset += 7;
  ASSERT_OK_AND_ASSIGN(Segment segment, make(entries));
  EXPECT_EQ(segment.size(), 1u);
  EXPECT_EQ(segment.at(0).place.offset, entries[0].place.offset);
}

TEST_F(SegmentTest, RefusesANewerVersionUnderItsShortOrLongName) {
  Buffer bytes = encode_segment({}, make_entries(3, 1));
  bytes[8] = 2;
  std::string digits = codec::hash(bytes, codec::Domain::table).hex();
  for (std::size_t length : {32u, 64u}) {
    std::string path = dir_ / (digits.substr(0, length) + ".idx");
    test::write_bytes(path, bytes);
    auto opened = Segment::open(path);
    EXPECT_THAT(opened, FailsWith(Code::unsupported, "newer format"));
    EXPECT_NE(opened.error().hint().find("newer cairn"), std::string::npos);
  }
}

TEST_F(SegmentTest, TellsANewerVersionFromAFlippedBit) {
  Buffer bytes = encode_segment({}, make_entries(3, 1));
  std::string path = dir_ / (codec::hash(bytes, codec::Domain::table).hex().substr(0, 32) + ".idx");
  bytes[8] = 3;
  test::write_bytes(path, bytes);
  EXPECT_THAT(Segment::open(path), FailsWith(Code::corrupt, "name")) << "what is damaged is mended";
}

TEST_F(SegmentTest, NamesADamagedFileAndTheRemedy) {
  Buffer bytes = encode_segment({}, make_entries(3, 1));
  bytes.back() ^= 1;
  auto opened = open(bytes);
  EXPECT_THAT(opened, FailsWith(Code::corrupt, "s0.idx"));
  EXPECT_EQ(opened.error().hint(), "cairn fsck --rebuild-index");
  EXPECT_THAT(open({}), FailsWith(Code::corrupt, "does not start"));
}

TEST_F(SegmentTest, RefusesAbsurdCountsWithoutReadingThem) {
  for (std::size_t field : {16u, 24u}) {
    for (std::uint64_t count : {std::uint64_t{5}, std::uint64_t{1} << 40, UINT64_MAX}) {
      Buffer bytes = encode_segment(std::vector<Id>(1), make_entries(3, 1));
      store_le(bytes.data() + field, count);
      EXPECT_THAT(open(bytes), FailsWith(Code::corrupt, "header")) << field << " " << count;
    }
  }
}

/// Gives a segment's changed body the hash that fits it, as an attacker would.
void seal(Buffer& bytes) {
  Id id = codec::hash(Bytes(bytes).subspan(64), codec::Domain::table);
  std::copy(id.bytes.begin(), id.bytes.end(), bytes.begin() + 32);
}

constexpr std::size_t kRows = 64 + 32 + 8;  // header, one pack, a fan table of one bucket

TEST_F(SegmentTest, RefusesRowsOutOfOrderOrOutsideTheirLimits) {
  auto entries = make_entries(2, 1);
  struct Case {
    std::size_t byte;
    std::uint8_t value;
    const char* what;
  };
  for (const Case& bad : {Case{0, 0xff, "first id above the second"}, Case{49, 1, "pack number"},
                          Case{53, 0, "kind 0"}, Case{53, 6, "kind 6"}, Case{54, 6, "codec 6"},
                          Case{45, 0xff, "place in the block"}, Case{55, 1, "reserved"}}) {
    Buffer bytes = encode_segment(std::vector<Id>(1), entries);
    bytes[kRows + 56] = 0xfe;  // the second id is above the first
    bytes[kRows] = 1;
    seal(bytes);
    ASSERT_OK(open(bytes));
    bytes[kRows + bad.byte] = bad.value;
    seal(bytes);
    EXPECT_THAT(open(bytes), FailsWith(Code::corrupt, "entries")) << bad.what;
  }
}

TEST_F(SegmentTest, RefusesAFanTableThatDoesNotFitTheRows) {
  Buffer bytes = encode_segment(std::vector<Id>(1), make_entries(3, 1));
  store_le<std::uint32_t>(bytes.data() + kRows - 8, 1);
  seal(bytes);
  EXPECT_THAT(open(bytes), FailsWith(Code::corrupt, "fan"));
  store_le<std::uint32_t>(bytes.data() + kRows - 8, 0);
  store_le<std::uint32_t>(bytes.data() + kRows - 4, 2);
  seal(bytes);
  EXPECT_THAT(open(bytes), FailsWith(Code::corrupt, "fan"));
}

TEST_F(SegmentTest, NeverReadsOutsideALargeSegmentWithAWildFanTable) {
  Buffer bytes = encode_segment(std::vector<Id>(1), make_entries(20000, 1));  // over 1 MiB: not hashed
  test::SplitMix64 random(5);
  for (std::size_t i = 96; i < 96 + 4 * 2000; ++i) {
    bytes[i] = static_cast<std::uint8_t>(random.next());
  }
  ASSERT_OK_AND_ASSIGN(Segment segment, open(bytes));
  for (const SegmentEntry& entry : make_entries(20000, 1)) {
    auto found = segment.find(entry.key);
    EXPECT_TRUE(!found || found->key == entry.key);
  }
  EXPECT_FALSE(segment.verify().ok());
}

}  // namespace
}  // namespace cairn::store
