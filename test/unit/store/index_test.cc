// SPDX-License-Identifier: Apache-2.0
#include "store/index.h"

#include "os/file.h"
#include "os/parallel.h"
#include "support/store_fixture.h"

namespace cairn::store {
namespace {

using cairn::test::FailsWith;
using cairn::test::names_in;
using PackSet = std::unordered_set<Id, codec::IdHash>;

Id id_of(std::uint64_t number) {
  Buffer bytes;
  append_le(bytes, number);
  return codec::hash(bytes);
}

SegmentEntry entry_of(std::uint64_t number, std::uint64_t offset = 16) {
  SegmentEntry entry;
  entry.key.id = id_of(number);
  entry.place = {offset, 10, 10, 0, 10, codec::Codec::raw};
  return entry;
}

/// Entries numbered [begin, end), all in the first pack.
std::vector<SegmentEntry> entries_of(std::uint64_t begin, std::uint64_t end, std::uint64_t offset = 16) {
  std::vector<SegmentEntry> entries;
  for (std::uint64_t i = begin; i < end; ++i) {
    entries.push_back(entry_of(i, offset));
  }
  return entries;
}

Key key_of(std::uint64_t number) {
  return {EntryKind::data, id_of(number)};
}

class IndexTest : public ::testing::Test {
 protected:
  const std::string& folder() const { return dir_.path(); }
  Status add(const Id& pack, std::vector<SegmentEntry> entries) {
    return add_segment(folder(), std::vector<Id>{pack}, std::move(entries));
  }
  test::TempDir dir_;
  Id one_ = id_of(1001);
  Id two_ = id_of(1002);
};

TEST_F(IndexTest, OfAnEmptyFolderHoldsNothing) {
  ASSERT_OK_AND_ASSIGN(Index index, Index::open(folder(), {one_}));
  EXPECT_FALSE(index.contains(key_of(1)));
  EXPECT_EQ(index.entry_count(), 0u);
  EXPECT_TRUE(index.packs().contains(one_));
}

TEST_F(IndexTest, FindsEntriesOfAllSegments) {
  ASSERT_OK(add(one_, entries_of(0, 10)));
  ASSERT_OK(add(two_, entries_of(10, 20, 99)));
  ASSERT_OK_AND_ASSIGN(Index index, Index::open(folder(), {one_, two_}));
  EXPECT_EQ(index.find(key_of(3))->pack, one_);
  EXPECT_EQ(index.find(key_of(13))->pack, two_);
  EXPECT_EQ(index.find(key_of(13))->place.offset, 99u);
  EXPECT_FALSE(index.contains(key_of(20)));
}

TEST_F(IndexTest, LeavesOutPacksThatAreGone) {
  ASSERT_OK(add(one_, entries_of(0, 10)));
  ASSERT_OK(add(two_, entries_of(5, 15, 99)));
  ASSERT_OK_AND_ASSIGN(Index index, Index::open(folder(), {two_}));
  EXPECT_FALSE(index.contains(key_of(3)));
  EXPECT_EQ(index.find(key_of(7))->pack, two_);
}

TEST_F(IndexTest, KeepsFewSegmentsAndLosesNothing) {
  for (std::uint64_t i = 0; i < 60; ++i) {
    ASSERT_OK(add(id_of(2000 + i % 7), entries_of(i * 10, i * 10 + 1 + i % 10)));
    EXPECT_LE(names_in(folder()).size(), 8u);
  }
  PackSet packs;
  for (std::uint64_t i = 0; i < 7; ++i) {
    packs.insert(id_of(2000 + i));
  }
  ASSERT_OK_AND_ASSIGN(Index index, Index::open(folder(), packs));
  for (std::uint64_t i = 0; i < 60; ++i) {
    for (std::uint64_t j = 0; j <= i % 10; ++j) {
      auto found = index.find(key_of(i * 10 + j));
      ASSERT_TRUE(found.has_value()) << i << " " << j;
      EXPECT_EQ(found->pack, id_of(2000 + i % 7));
    }
  }
}

TEST_F(IndexTest, DoesNotRewriteALargeSegmentForEachSmallOne) {
  ASSERT_OK(add(one_, entries_of(0, 5000)));
  std::string large = names_in(folder()).front();
  for (std::uint64_t i = 0; i < 8; ++i) {
    ASSERT_OK(add(two_, entries_of(10000 + i, 10001 + i)));
  }
  EXPECT_THAT(names_in(folder()), ::testing::Contains(large));
}

TEST_F(IndexTest, MergesEvenSizesThatDifferMuchWhenThereAreMany) {
  std::uint64_t next = 0;
  for (std::uint64_t size = 60000; size >= 1; size /= 5) {
    ASSERT_OK(add(one_, entries_of(next, next + size)));
    next += size;
  }
  for (int i = 0; i < 4; ++i) {
    ASSERT_OK(add(one_, entries_of(next, next + 1)));
    ++next;
  }
  EXPECT_LE(names_in(folder()).size(), 8u);
  ASSERT_OK_AND_ASSIGN(Index index, Index::open(folder(), {one_}));
  for (std::uint64_t i = 0; i < next; ++i) {
    ASSERT_TRUE(index.contains(key_of(i))) << i;
  }
}

TEST_F(IndexTest, MergingKeepsTheCopyWhosePackRemains) {
  // A repack put entry 1 from pack one into pack two; pack one is then removed. The small segment is met
  // first.
  ASSERT_OK(add(one_, entries_of(1, 2)));
  ASSERT_OK(add(two_, entries_of(1, 4, 99)));
  ASSERT_OK(add(id_of(3), entries_of(10, 12)));
  ASSERT_OK(add(id_of(4), entries_of(20, 22)));
  ASSERT_EQ(names_in(folder()).size(), 1u) << "the four were merged";
  ASSERT_OK_AND_ASSIGN(Index index, Index::open(folder(), {two_, id_of(3), id_of(4)}));
  auto found = index.find(key_of(1));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->pack, two_);
  EXPECT_EQ(found->place.offset, 99u);
  ASSERT_OK_AND_ASSIGN(Index other, Index::open(folder(), {one_}));
  EXPECT_EQ(other.find(key_of(1))->pack, one_);
}

TEST_F(IndexTest, SurvivesSegmentsThatVanishWhileItOpens) {
  // Writers merge, so every listing may name segments that are gone a moment later.
  std::atomic<bool> done{false};
  ASSERT_OK(os::run_workers(2, [&](unsigned worker) -> Status {
    if (worker == 1) {
      for (std::uint64_t i = 0; i < 100; ++i) {
        CAIRN_TRY(add(one_, entries_of(i, i + 1)));
      }
      done = true;
      return {};
    }
    std::size_t seen = 0;
    while (!done) {
      auto index = Index::open(folder(), {one_});
      if (!index.ok()) {
        // Too many changes in a row is an answer, a missing file is not.
        EXPECT_THAT(index, FailsWith(Code::io, "keeps changing"));
        continue;
      }
      std::size_t count = 0;
      while (count < 100 && index->contains(key_of(count))) {
        ++count;
      }
      EXPECT_GE(count, seen) << "an entry that was there is gone";
      seen = count;
    }
    return {};
  }));
  ASSERT_OK_AND_ASSIGN(Index index, Index::open(folder(), {one_}));
  EXPECT_TRUE(index.contains(key_of(99)));
}

TEST_F(IndexTest, KeepsTheEntriesOfWritersThatMergeAtOnce) {
  ASSERT_OK(os::run_workers(4, [&](unsigned worker) -> Status {
    for (std::uint64_t i = 0; i < 25; ++i) {
      CAIRN_TRY(add(one_, entries_of(worker * 100 + i, worker * 100 + i + 1)));
    }
    return {};
  }));
  ASSERT_OK_AND_ASSIGN(Index index, Index::open(folder(), {one_}));
  for (std::uint64_t i = 0; i < 100; ++i) {
    EXPECT_TRUE(index.contains(key_of(i / 25 * 100 + i % 25))) << i;
  }
}

TEST_F(IndexTest, NamesADamagedSegment) {
  ASSERT_OK(add(one_, entries_of(0, 10)));
  std::string name = names_in(folder()).front();
  test::write_text(dir_ / name, "x");
  auto index = Index::open(folder(), {one_});
  EXPECT_THAT(index, FailsWith(Code::corrupt, name));
  EXPECT_EQ(index.error().hint(), "cairn fsck --rebuild-index");
}

TEST_F(IndexTest, IgnoresTemporaryFilesOfKilledWriters) {
  test::write_text(dir_ / ".abc.idx.cairn-tmp-0123456789abcdef", "half");
  ASSERT_OK_AND_ASSIGN(Index index, Index::open(folder(), {one_}));
  EXPECT_TRUE(index.segments().empty());
}

TEST_F(IndexTest, IsAnErrorWhereItsFolderIsGone) {
  EXPECT_THAT(Index::open(dir_ / "none", {}), FailsWith(Code::not_found, "none"));
}

TEST_F(IndexTest, GivesASegmentANameThatFollowsFromItsBytes) {
  test::TempDir other;
  ASSERT_OK(add(one_, entries_of(0, 10)));
  ASSERT_OK(add_segment(other.path(), std::vector<Id>{one_}, entries_of(0, 10)));
  EXPECT_EQ(names_in(folder()), names_in(other.path()));
}

}  // namespace
}  // namespace cairn::store
