// SPDX-License-Identifier: Apache-2.0
#include "project/stat_cache.h"

#include <fmt/format.h>

#include <thread>

#include "base/hex.h"
#include "project/stat_table.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::project {
namespace {

os::FileStat stat_of(std::uint64_t size, std::int64_t time = 1000) {
  os::FileStat stat;
  stat.kind = os::Kind::file;
  stat.size = size;
  stat.mtime_ns = time;
  stat.ctime_ns = time + 1;
  stat.inode = 77;
  return stat;
}

store::Id id_of(std::string_view text) {
  return codec::hash(as_bytes(text));
}

class StatCacheFile : public ::testing::Test {
 protected:
  test::TempDir folder_;
  std::string path_ = folder_ / "state/stat-cache";
};

TEST_F(StatCacheFile, KeepsEntriesOverSaveAndLoad) {
  StatCache cache = StatCache::load(path_);
  cache.put("b/x", stat_of(2), id_of("x"));
  cache.put("a", stat_of(1), id_of("a"));
  ASSERT_OK(cache.save());
  EXPECT_EQ(cache.find("a", stat_of(1)), id_of("a"));
  const StatCache again = StatCache::load(path_);
  EXPECT_EQ(again.find("a", stat_of(1)), id_of("a"));
  EXPECT_EQ(again.find("b/x", stat_of(2)), id_of("x"));
  EXPECT_EQ(again.find("b", stat_of(2)), std::nullopt);
}

TEST_F(StatCacheFile, FindsNothingWhenAnyRecordedFieldDiffers) {
  StatCache cache = StatCache::load(path_);
  cache.put("a", stat_of(1), id_of("a"));
  os::FileStat size = stat_of(1);
  size.size = 2;
  os::FileStat mtime = stat_of(1);
  mtime.mtime_ns += 1;
  os::FileStat ctime = stat_of(1);
  ctime.ctime_ns += 1;
  os::FileStat inode = stat_of(1);
  inode.inode += 1;
  os::FileStat kind = stat_of(1);
  kind.kind = os::Kind::symlink;
  for (const os::FileStat& other : {size, mtime, ctime, inode, kind}) {
    EXPECT_EQ(cache.find("a", other), std::nullopt);
  }
}

TEST_F(StatCacheFile, MergesChangesWithWhatWasSaved) {
  StatCache first = StatCache::load(path_);
  for (int i = 0; i < 100; ++i) {
    first.put(fmt::format("f{:03}", i), stat_of(1), id_of("old"));
  }
  ASSERT_OK(first.save());
  StatCache second = StatCache::load(path_);
  second.put("f000", stat_of(1), id_of("new"));
  second.put("f0505", stat_of(1), id_of("between"));
  second.put("z", stat_of(1), id_of("last"));
  ASSERT_OK(second.save());
  const StatCache third = StatCache::load(path_);
  EXPECT_EQ(third.find("f000", stat_of(1)), id_of("new"));
  EXPECT_EQ(third.find("f0505", stat_of(1)), id_of("between"));
  EXPECT_EQ(third.find("f099", stat_of(1)), id_of("old"));
  EXPECT_EQ(third.find("z", stat_of(1)), id_of("last"));
}

TEST_F(StatCacheFile, ForgetsAPathAndAllBelowIt) {
  StatCache cache = StatCache::load(path_);
  for (const char* name : {"d", "d/x", "d/y/z", "d.txt", "e"}) {
    cache.put(name, stat_of(1), id_of(name));
  }
  ASSERT_OK(cache.save());
  cache.put("d/new", stat_of(1), id_of("new"));
  cache.forget("d");
  for (const char* name : {"d", "d/x", "d/y/z", "d/new"}) {
    EXPECT_EQ(cache.find(name, stat_of(1)), std::nullopt) << name;
  }
  cache.put("d/x", stat_of(1), id_of("again"));
  ASSERT_OK(cache.save());
  const StatCache again = StatCache::load(path_);
  EXPECT_EQ(again.find("d/x", stat_of(1)), id_of("again"));
  EXPECT_EQ(again.find("d/y/z", stat_of(1)), std::nullopt);
  EXPECT_EQ(again.find("d.txt", stat_of(1)), id_of("d.txt"));
  EXPECT_EQ(again.find("e", stat_of(1)), id_of("e"));
}

TEST_F(StatCacheFile, IsNotWrittenWithoutAChange) {
  ASSERT_OK(StatCache::load(path_).save());
  ASSERT_OK_AND_ASSIGN(auto stat, os::find_stat(path_));
  EXPECT_FALSE(stat.has_value());
}

TEST_F(StatCacheFile, TruncatedOrForeignBytesAreAnEmptyCache) {
  StatCache cache = StatCache::load(path_);
  cache.put("a", stat_of(1), id_of("a"));
  ASSERT_OK(cache.save());
  const std::string whole = test::read_text(path_);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    test::write_text(path_, whole.substr(0, size));
    EXPECT_EQ(StatCache::load(path_).find("a", stat_of(1)), std::nullopt) << size;
  }
  test::write_text(path_, whole + "x");
  EXPECT_EQ(StatCache::load(path_).find("a", stat_of(1)), std::nullopt);
}

TEST_F(StatCacheFile, NoFlippedBitGivesAWrongId) {
  StatTableBuilder builder;
  const std::vector<std::string> names = {"a", "b", "cc", "d/e", "z"};
  for (const std::string& name : names) {
    builder.add(name, StatRow(stat_of(name.size()), id_of(name)));
  }
  const Buffer whole = builder.finish();
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    Buffer damaged = whole;
    damaged[bit / 8] = static_cast<std::uint8_t>(damaged[bit / 8] ^ (1U << (bit % 8)));
    const StatTable table(damaged);
    for (const std::string& name : names) {
      const std::optional<StatRow> row = table.find(name);
      EXPECT_TRUE(!row || *row == StatRow(stat_of(name.size()), id_of(name))) << "bit " << bit << " " << name;
    }
  }
}

TEST_F(StatCacheFile, DamagedRowsAreDroppedAtTheNextSave) {
  StatCache cache = StatCache::load(path_);
  cache.put("a", stat_of(1), id_of("a"));
  cache.put("b", stat_of(1), id_of("b"));
  ASSERT_OK(cache.save());
  std::string bytes = test::read_text(path_);
  bytes[32 + 50] = static_cast<char>(bytes[32 + 50] ^ 1);  // in the id of the first row
  test::write_text(path_, bytes);
  StatCache again = StatCache::load(path_);
  again.put("c", stat_of(1), id_of("c"));
  ASSERT_OK(again.save());
  EXPECT_EQ(again.find("a", stat_of(1)), std::nullopt);
  EXPECT_EQ(again.find("b", stat_of(1)), id_of("b"));
  EXPECT_EQ(again.find("c", stat_of(1)), id_of("c"));
}

TEST_F(StatCacheFile, MayBeUsedByManyThreads) {
  StatCache cache = StatCache::load(path_);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&cache, t] {
      for (int i = 0; i < 500; ++i) {
        const std::string name = fmt::format("{}/{}", t, i);
        cache.put(name, stat_of(1), id_of(name));
        EXPECT_EQ(cache.find(name, stat_of(1)), id_of(name));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  ASSERT_OK(cache.save());
  EXPECT_EQ(StatCache::load(path_).find("3/499", stat_of(1)), id_of("3/499"));
}

TEST(StatCache, TakesOnlyFilesOlderThanTheClockGrainForSettled) {
  const std::int64_t start = 5'000'000'000;
  EXPECT_TRUE(StatCache::is_settled(stat_of(1, start - 20'000'000), start));
  EXPECT_FALSE(StatCache::is_settled(stat_of(1, start - 5'000'000), start));
  EXPECT_FALSE(StatCache::is_settled(stat_of(1, start + 1), start));
  os::FileStat touched = stat_of(1, start - 20'000'000);
  touched.ctime_ns = start;
  EXPECT_FALSE(StatCache::is_settled(touched, start));
}

TEST(StatTable, HasTheBytesOfItsFormatPage) {
  StatTableBuilder builder;
  builder.add("ab", StatRow(stat_of(3), store::Id{}));
  const Buffer bytes = builder.finish();
  ASSERT_EQ(bytes.size(), 32U + 80U + 2U);
  EXPECT_EQ(to_hex(Bytes(bytes).first(112)),
            "434149524e535443"
            "01000000"
            "00000000"
            "0100000000000000"
            "0200000000000000"
            "0200000000000000"
            "0300000000000000"
            "e803000000000000"
            "e903000000000000"
            "4d00000000000000" +
                std::string(64, '0') + "09a643aa8b2b109f");
  EXPECT_EQ(as_text(Bytes(bytes).last(2)), "ab");
}

}  // namespace
}  // namespace cairn::project
