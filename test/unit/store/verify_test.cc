// SPDX-License-Identifier: Apache-2.0
#include "store/verify.h"

#include "os/file.h"
#include "os/parallel.h"
#include "store/pack_writer.h"
#include "support/store_fixture.h"

namespace cairn::store {
namespace {

using cairn::test::random_bytes;
using cairn::test::text_bytes;
using ::testing::HasSubstr;

class VerifyTest : public test::StoreFixture {
 protected:
  VerifyReport check(Store& store, VerifyDepth depth = VerifyDepth::data, unsigned jobs = 2) {
    auto report = verify_store(store, depth, context(jobs));
    EXPECT_OK(report);
    return report.ok() ? *report : VerifyReport{};
  }
  static void flip(const std::string& path, std::uint64_t at) {
    Buffer bytes = test::read_bytes(path);
    bytes[at] ^= 1;
    ASSERT_OK(os::remove_file(path));
    test::write_bytes(path, bytes);
  }
};

TEST_F(VerifyTest, FindsNothingInAGoodStore) {
  auto store = open();
  put(*store, text_bytes(3u << 20, 1), {});
  put_files(*store, "in", {{"a", text_bytes(100, 1)}, {"b", random_bytes(9, 1)}, {"c", {}}}, 2);
  put(*store, Tree{{{"l", TreeKind::symlink, {}, 0, 0, "t"}}});
  for (VerifyDepth depth : {VerifyDepth::tables, VerifyDepth::data}) {
    VerifyReport report = check(*store, depth);
    EXPECT_EQ(report.packs, 3u);
    EXPECT_TRUE(report.damage.empty()) << report.damage.front().message;
    EXPECT_EQ(report.bytes_read > 0, depth == VerifyDepth::data);
    EXPECT_EQ(report.entries, store->index()->entry_count());
  }
}

TEST_F(VerifyTest, OfAnEmptyStoreFindsNothing) {
  EXPECT_TRUE(check(*open()).damage.empty());
}

TEST_F(VerifyTest, NamesThePackAndTheEntryThatIsDamaged) {
  auto store = open();
  Id id = put(*store, random_bytes(100000, 1));
  std::string pack = packs_of(*store).front();
  flip(pack, 50000);
  auto fresh = open();
  EXPECT_TRUE(check(*fresh, VerifyDepth::tables).damage.empty());
  VerifyReport report = check(*fresh);
  ASSERT_EQ(report.damage.size(), 1u);
  EXPECT_EQ(report.damage[0].path, pack);
  EXPECT_THAT(report.damage[0].message, HasSubstr("checksum"));
  (void)id;
}

TEST_F(VerifyTest, ReportsATruncatedPackAndChecksTheOthers) {
  auto store = open();
  put(*store, random_bytes(100, 1));
  std::string first = packs_of(*store).front();
  put(*store, random_bytes(100, 2));
  Buffer bytes = test::read_bytes(first);
  ASSERT_OK(os::remove_file(first));
  test::write_bytes(first, Bytes(bytes).first(bytes.size() - 1));
  VerifyReport report = check(*open());
  ASSERT_EQ(report.damage.size(), 1u);
  EXPECT_EQ(report.damage[0].path, first);
  EXPECT_EQ(report.packs, 1u);
}

TEST_F(VerifyTest, ReportsAPackUnderAnotherPacksName) {
  auto store = open();
  put(*store, random_bytes(100, 1));
  put(*store, random_bytes(100, 2));
  auto packs = packs_of(*store);
  Buffer one = test::read_bytes(packs[0]);
  ASSERT_OK(os::remove_file(packs[1]));
  test::write_bytes(packs[1], one);
  VerifyReport report = check(*open());
  ASSERT_EQ(report.damage.size(), 1u);
  EXPECT_EQ(report.damage[0].path, packs[1]);
  EXPECT_THAT(report.damage[0].message, HasSubstr("name"));
}

TEST_F(VerifyTest, ReportsALargeSegmentThatOpeningDoesNotHash) {
  auto store = open();
  std::vector<SegmentEntry> entries(20000);
  for (std::uint64_t i = 0; i < entries.size(); ++i) {
    store_le(entries[i].key.id.bytes.data(), i * 0x9e3779b97f4a7c15);
  }
  ASSERT_OK(add_segment(store->paths().index(), {}, entries));
  std::string segment = segments_of(*store).front();
  flip(segment, test::read_bytes(segment).size() - 1);
  VerifyReport report = check(*store);
  ASSERT_EQ(report.damage.size(), 1u);
  EXPECT_EQ(report.damage[0].path, segment);
}

TEST_F(VerifyTest, ReportsForgedEntriesWithRightChecksums) {
  auto store = open();
  Buffer forged = random_bytes(40, 1);
  PackWriter packs(store->paths().temporary());
  for (int kind = 1; kind <= 5; ++kind) {
    PackEntry entry;
    entry.key = {static_cast<EntryKind>(kind), codec::hash(as_bytes("real"))};
    entry.place = {0, 40, 40, 0, 40, codec::Codec::raw};
    entry.checksum = codec::checksum(forged);
    ASSERT_OK(packs.append(forged, {entry}));
  }
  ASSERT_OK_AND_ASSIGN(auto finished, packs.finish());
  ASSERT_OK(store->publish(std::move(finished)));
  EXPECT_EQ(check(*store).damage.size(), 5u);
}

TEST_F(VerifyTest, ReportsTwoRowsOfOnePlaceThatDisagree) {
  // The second row names the block of the first, but with a codec under which it does not decode.
  auto store = open();
  Buffer block = random_bytes(40, 1);
  PackEntry good{
      {EntryKind::data, codec::hash(block)}, {0, 40, 40, 0, 40, codec::Codec::raw}, codec::checksum(block)};
  PackEntry bad = good;
  bad.place.codec = codec::Codec::zstd;
  PackWriter packs(store->paths().temporary());
  ASSERT_OK(packs.append(block, {good, bad}));
  ASSERT_OK_AND_ASSIGN(auto finished, packs.finish());
  ASSERT_OK(store->publish(std::move(finished)));
  EXPECT_EQ(check(*store).damage.size(), 1u);
}

TEST_F(VerifyTest, DoesNotTakeAPackForDamagedThatWasMergedOrCollectedMeanwhile) {
  auto store = open();
  std::atomic<bool> done{false};
  ASSERT_OK(os::run_workers(2, [&](unsigned worker) -> Status {
    if (worker == 0) {
      auto other = open();
      while (!done) {
        VerifyReport report = check(*other, VerifyDepth::data, 1);
        for (const Damage& damage : report.damage) {
          ADD_FAILURE() << damage.message;
        }
      }
      return {};
    }
    for (std::uint64_t i = 0; i < 120; ++i) {
      Id id = put(*store, random_bytes(50, i));
      CAIRN_TRY_ASSIGN(Location location, store->locate({EntryKind::data, id}));
      if (i % 4 == 0) {
        CAIRN_TRY(os::remove_file(store->paths().pack(location.pack)));
      }
    }
    done = true;
    return {};
  }));
}

TEST_F(VerifyTest, StopsWhenAsked) {
  auto store = open();
  put(*store, random_bytes(100, 1));
  stop_ = true;
  EXPECT_THAT(verify_store(*store, VerifyDepth::data, context()), test::FailsWith(Code::interrupted, ""));
}

class RebuildTest : public VerifyTest {};

TEST_F(RebuildTest, MakesALostIndexAnew) {
  auto store = open();
  Id one = put(*store, random_bytes(3u << 20, 1));
  Id two = put(*store, random_bytes(100, 2));
  for (const std::string& path : segments_of(*store)) {
    ASSERT_OK(os::remove_file(path));
  }
  auto fresh = open();
  ASSERT_OK_AND_ASSIGN(VerifyReport report, rebuild_index(*fresh, context()));
  EXPECT_EQ(report.packs, 2u);
  EXPECT_TRUE(report.damage.empty());
  EXPECT_EQ(*get(*fresh, one), random_bytes(3u << 20, 1));
  EXPECT_EQ(*get(*fresh, two), random_bytes(100, 2));
  EXPECT_EQ(segments_of(*fresh).size(), 1u);
}

TEST_F(RebuildTest, HealsAStoreWithADamagedSegment) {
  auto store = open();
  Id id = put(*store, random_bytes(100, 1));
  flip(segments_of(*store).front(), 70);
  ASSERT_OK_AND_ASSIGN(VerifyReport report, rebuild_index(*store, context()));
  EXPECT_TRUE(report.damage.empty());
  EXPECT_OK(get(*open(), id));
}

TEST_F(RebuildTest, LeavesDamagedPacksOutAndNamesThem) {
  auto store = open();
  Id one = put(*store, random_bytes(100, 1));
  std::string first = packs_of(*store).front();
  Id two = put(*store, random_bytes(100, 2));
  test::write_text(store->paths().packs() + "/" + std::string(64, '0') + ".pack", "short");
  ASSERT_OK_AND_ASSIGN(VerifyReport report, rebuild_index(*store, context()));
  ASSERT_EQ(report.damage.size(), 1u);
  EXPECT_THAT(report.damage[0].path, HasSubstr(std::string(64, '0')));
  EXPECT_OK(get(*store, one));
  EXPECT_OK(get(*store, two));
}

TEST_F(RebuildTest, LosesNothingThatIsStoredMeanwhile) {
  auto store = open();
  for (std::uint64_t i = 0; i < 20; ++i) {
    put(*store, random_bytes(50, 1000 + i));
  }
  std::atomic<bool> done{false};
  ASSERT_OK(os::run_workers(2, [&](unsigned worker) -> Status {
    if (worker == 0) {
      auto other = open();
      while (!done) {
        CAIRN_TRY(rebuild_index(*other, context()));
      }
      return {};
    }
    for (std::uint64_t i = 0; i < 60; ++i) {
      put(*store, random_bytes(50, i));
    }
    done = true;
    return {};
  }));
  auto fresh = open();
  for (std::uint64_t i = 0; i < 60; ++i) {
    EXPECT_OK(get(*fresh, codec::hash(random_bytes(50, i))));
  }
}

}  // namespace
}  // namespace cairn::store
