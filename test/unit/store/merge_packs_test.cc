// SPDX-License-Identifier: Apache-2.0
#include "store/merge_packs.h"

#include <map>

#include "store/verify.h"
#include "support/matchers.h"
#include "support/store_fixture.h"

namespace cairn::test {
namespace {

class MergePacksTest : public StoreFixture {
 protected:
  /// One pack each.
  std::map<store::Id, Buffer> put_many(store::Store& store, std::size_t count) {
    std::map<store::Id, Buffer> blobs;
    for (std::size_t i = 0; i < count; ++i) {
      Buffer bytes = random_bytes(1000 + i, i);
      blobs.emplace(put(store, bytes), bytes);
    }
    return blobs;
  }

  static void expect_all(store::Store& store, const std::map<store::Id, Buffer>& blobs) {
    for (const auto& blob : blobs) {
      ASSERT_OK_AND_ASSIGN(Buffer bytes, get(store, blob.first));
      EXPECT_EQ(bytes, blob.second);
    }
  }
};

TEST_F(MergePacksTest, FewPacksStayAsTheyAre) {
  auto store = open();
  put_many(*store, store::kManySmallPacks);
  EXPECT_EQ(packs_of(*store).size(), store::kManySmallPacks);
}

TEST_F(MergePacksTest, ManySmallAddsLeaveFewPacksAndLoseNothing) {
  auto store = open();
  auto blobs = put_many(*store, 5 * store::kManySmallPacks);
  EXPECT_LE(packs_of(*store).size(), store::kManySmallPacks + 1);
  expect_all(*store, blobs);
  expect_all(*open(), blobs);
  ASSERT_OK_AND_ASSIGN(auto report, store::verify_store(*store, store::VerifyDepth::data, context()));
  EXPECT_TRUE(report.damage.empty());
}

TEST_F(MergePacksTest, AStoreThatWasOpenBeforeStillReadsEverything) {
  auto store = open();
  auto blobs = put_many(*store, store::kManySmallPacks);
  auto reader_side = open();
  put_many(*store, store::kManySmallPacks + 1);
  expect_all(*reader_side, blobs);
}

TEST_F(MergePacksTest, ADamagedPackIsLeftAlone) {
  auto store = open();
  put_many(*store, store::kManySmallPacks);
  std::string damaged = packs_of(*store).front();
  Buffer bytes = read_bytes(damaged);
  bytes[store::kPackHeaderSize + 5] ^= 1;
  write_bytes(damaged, bytes);
  put(*store, random_bytes(5000, 1000));
  std::vector<std::string> left = packs_of(*store);
  EXPECT_EQ(left.size(), 2U);
  EXPECT_NE(std::find(left.begin(), left.end(), damaged), left.end());
}

}  // namespace
}  // namespace cairn::test
