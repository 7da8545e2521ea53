// SPDX-License-Identifier: Apache-2.0
#include "os/parallel.h"
#include "store/merge_packs.h"
#include "store/verify.h"
#include "support/store_fixture.h"

namespace cairn::store {
namespace {

using cairn::test::random_bytes;

class MergeRaceTest : public test::StoreFixture {
 protected:
  void expect_sound(Store& store, std::size_t damaged = 0) {
    ASSERT_OK_AND_ASSIGN(VerifyReport report, verify_store(store, VerifyDepth::data, context()));
    EXPECT_EQ(report.damage.size(), damaged);
  }
};

TEST_F(MergeRaceTest, NeverTouchesALargePack) {
  auto store = open();
  put(*store, random_bytes(17u << 20, 1));
  std::string large = packs_of(*store).front();
  for (std::uint64_t i = 0; i < 40; ++i) {
    put(*store, random_bytes(50, i));
  }
  EXPECT_THAT(packs_of(*store), ::testing::Contains(large));
}

TEST_F(MergeRaceTest, LosesNothingWhenManyWritersMergeAtOnce) {
  open();
  ASSERT_OK(os::run_workers(4, [&](unsigned worker) -> Status {
    auto store = open();
    for (std::uint64_t i = 0; i < 40; ++i) {
      Buffer bytes = random_bytes(50, worker * 1000 + i);
      put(*store, bytes);
      // Read at once by a store that may have opened before others merged.
      EXPECT_OK(get(*store, codec::hash(bytes)));
      EXPECT_OK(get(*store, codec::hash(random_bytes(50, worker * 1000))));
    }
    return {};
  }));
  auto fresh = open();
  for (std::uint64_t worker = 0; worker < 4; ++worker) {
    for (std::uint64_t i = 0; i < 40; ++i) {
      EXPECT_OK(get(*fresh, codec::hash(random_bytes(50, worker * 1000 + i))));
    }
  }
  expect_sound(*fresh);
}

}  // namespace
}  // namespace cairn::store
