// SPDX-License-Identifier: Apache-2.0
#include "ops/run_cache.h"

#include "codec/hash.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::ops {
namespace {

using pipeline::StageLock;
using test::FailsWith;
using test::read_text;
using test::write_text;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

store::Id key_of(std::string_view seed) {
  return codec::hash(as_bytes(seed));
}

/// A block whose only out, sub/out.txt, has this content.
StageLock block_with(std::string_view content) {
  StageLock block;
  block.name = "train";
  block.cmd = "cp in out.txt";
  block.shell = "bash";
  block.wdir = "sub";
  pipeline::LockedOut out;
  out.path = "sub/out.txt";
  out.state.emplace().object = {store::Family::blob, codec::hash(as_bytes(content)), content.size()};
  block.outs.push_back(out);
  return block;
}

class RunCacheTest : public ::testing::Test {
 protected:
  RunCache open() {
    return RunCache::open(folder()).value();  // ends the test program when it cannot be opened
  }
  [[nodiscard]] std::string folder() const { return dir_ / "runs"; }
  [[nodiscard]] std::string log() const { return folder() + "/log"; }

  test::TempDir dir_;
};

TEST_F(RunCacheTest, FindsWhatWasAppendedAfterReopening) {
  RunCache first = open();
  EXPECT_OK(first.append(key_of("a"), "sub", block_with("1")));
  EXPECT_THAT(first.find(key_of("a"), "sub"), ElementsAre(block_with("1")));
  EXPECT_THAT(open().find(key_of("a"), "sub"), ElementsAre(block_with("1")));
  EXPECT_THAT(open().find(key_of("b"), "sub"), IsEmpty());
}

TEST_F(RunCacheTest, FollowsAStageIntoAnotherFolder) {
  RunCache cache = open();
  EXPECT_OK(cache.append(key_of("a"), "sub", block_with("1")));
  const std::vector<StageLock> moved = cache.find(key_of("a"), "other/place");
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0].outs[0].path, "other/place/out.txt");
  EXPECT_EQ(moved[0].wdir, "other/place");
}

TEST_F(RunCacheTest, KeepsEachDifferentResultOnceOldestFirst) {
  RunCache cache = open();
  for (const char* content : {"1", "2", "1", "2"}) {
    EXPECT_OK(cache.append(key_of("a"), "sub", block_with(content)));
  }
  EXPECT_THAT(open().find(key_of("a"), "sub"), ElementsAre(block_with("1"), block_with("2")));
}

TEST_F(RunCacheTest, AppendingWhatIsThereWritesNothing) {
  EXPECT_OK(open().append(key_of("a"), "sub", block_with("1")));
  const std::string before = read_text(log());
  EXPECT_OK(open().append(key_of("a"), "sub", block_with("1")));
  EXPECT_EQ(read_text(log()), before);
}

TEST_F(RunCacheTest, TwoWritersLoseNothingOfEachOther) {
  RunCache first = open();
  RunCache second = open();
  EXPECT_OK(first.append(key_of("a"), "sub", block_with("1")));
  EXPECT_OK(second.append(key_of("a"), "sub", block_with("1")));
  EXPECT_OK(second.append(key_of("b"), "sub", block_with("2")));
  EXPECT_OK(first.append(key_of("c"), "sub", block_with("3")));
  RunCache third = open();
  EXPECT_THAT(third.find(key_of("a"), "sub"), ElementsAre(block_with("1")));
  EXPECT_THAT(third.find(key_of("b"), "sub"), ElementsAre(block_with("2")));
  EXPECT_THAT(third.find(key_of("c"), "sub"), ElementsAre(block_with("3")));
}

TEST_F(RunCacheTest, ATornRecordIsLeftOutAndWrittenOver) {
  EXPECT_OK(open().append(key_of("a"), "sub", block_with("1")));
  const std::size_t whole = read_text(log()).size();
  EXPECT_OK(open().append(key_of("b"), "sub", block_with("2")));
  const std::string both = read_text(log());
  for (std::size_t size = 0; size < both.size(); ++size) {
    write_text(log(), both.substr(0, size));
    RunCache cache = open();
    EXPECT_EQ(cache.find(key_of("a"), "sub").size(), size >= whole ? 1U : 0U) << size;
    EXPECT_THAT(cache.find(key_of("b"), "sub"), IsEmpty()) << size;
  }
  RunCache torn = open();
  EXPECT_OK(torn.append(key_of("c"), "sub", block_with("3")));
  RunCache after = open();
  EXPECT_THAT(after.find(key_of("a"), "sub"), ElementsAre(block_with("1")));
  EXPECT_THAT(after.find(key_of("c"), "sub"), ElementsAre(block_with("3")));
}

TEST_F(RunCacheTest, DamageHidesOnlyTheRecordThatItIsIn) {
  EXPECT_OK(open().append(key_of("a"), "sub", block_with("1")));
  const std::size_t first = read_text(log()).size();
  EXPECT_OK(open().append(key_of("b"), "sub", block_with("2")));
  std::string bad = read_text(log());
  bad[first - 20] = static_cast<char>(bad[first - 20] ^ 1);  // in the text of the first
  write_text(log(), bad);
  EXPECT_OK(open().append(key_of("c"), "sub", block_with("3")));
  RunCache after = open();
  EXPECT_THAT(after.find(key_of("a"), "sub"), IsEmpty());
  EXPECT_THAT(after.find(key_of("b"), "sub"), ElementsAre(block_with("2")));
  EXPECT_THAT(after.find(key_of("c"), "sub"), ElementsAre(block_with("3")));
}

TEST_F(RunCacheTest, AFlippedBitIsNeverReturnedAsAResult) {
  EXPECT_OK(open().append(key_of("a"), "sub", block_with("1")));
  const std::string good = read_text(log());
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    write_text(log(), bad);
    auto cache = RunCache::open(folder());
    if (cache.ok() && bad.substr(12, 4) == good.substr(12, 4)) {  // bytes 12-15 mean nothing yet
      EXPECT_THAT(cache->find(key_of("a"), "sub"), IsEmpty()) << i;
    }
  }
}

TEST_F(RunCacheTest, RefusesANewerVersion) {
  EXPECT_OK(open().append(key_of("a"), "sub", block_with("1")));
  std::string newer = read_text(log());
  newer[8] = 2;
  write_text(log(), newer);
  EXPECT_THAT(RunCache::open(folder()), FailsWith(Code::unsupported, "newer cairn"));
}

}  // namespace
}  // namespace cairn::ops
