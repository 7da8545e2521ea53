// SPDX-License-Identifier: Apache-2.0
#include "store/repack.h"

#include "store/closure.h"
#include "store/pack_writer.h"
#include "store/verify.h"
#include "support/store_fixture.h"

namespace cairn::store {
namespace {

using cairn::test::FailsWith;
using cairn::test::random_bytes;
using cairn::test::text_bytes;

class RepackTest : public test::StoreFixture {
 protected:
  static std::vector<CopyEntry> all_of(Store& store) {
    std::vector<CopyEntry> entries;
    for (const Segment& segment : store.index()->segments()) {
      for (std::size_t i = 0; i < segment.size(); ++i) {
        entries.push_back({segment.at(i).key, *store.index()->find(segment.at(i).key)});
      }
    }
    return entries;
  }
  static Status copy(Store& from, std::vector<CopyEntry> entries, Store& to) {
    StoreBlocks blocks(from);
    CAIRN_TRY_ASSIGN(auto packs, copy_entries(std::move(entries), blocks, to.paths().temporary()));
    return to.publish(std::move(packs));
  }
  void expect_sound(Store& store) {
    ASSERT_OK_AND_ASSIGN(VerifyReport report, verify_store(store, VerifyDepth::data, context()));
    for (const Damage& damage : report.damage) {
      ADD_FAILURE() << damage.message;
    }
  }
};

TEST_F(RepackTest, CopiesAWholeStore) {
  auto from = open("from");
  Buffer large = text_bytes(5u << 20, 1);
  Id id = put(*from, large, {});
  std::map<std::string, Buffer> files;
  for (std::uint64_t i = 0; i < 200; ++i) {
    files["f" + std::to_string(i)] = text_bytes(i * 50, i);
  }
  auto tasks = put_files(*from, "in", files, 2, {});
  auto to = open("to");
  ASSERT_OK(copy(*from, all_of(*from), *to));
  EXPECT_EQ(packs_of(*to).size(), 1u);
  EXPECT_TRUE(*get(*to, id) == large);
  for (const FileTask& task : tasks) {
    EXPECT_EQ(*get(*to, task.id), files[task.path]);
  }
  expect_sound(*to);
}

TEST_F(RepackTest, CopiesTheBlockOfASharedEntryWithIt) {
  auto from = open("from");
  auto tasks = put_files(*from, "in",
                         {{"a", text_bytes(500, 1)}, {"b", text_bytes(500, 2)}, {"c", text_bytes(500, 3)}});
  auto to = open("to");
  Key key{EntryKind::data, tasks[1].id};
  ASSERT_OK(copy(*from, {{key, *from->index()->find(key)}}, *to));
  EXPECT_EQ(to->index()->entry_count(), 1u);
  EXPECT_EQ(*get(*to, tasks[1].id), text_bytes(500, 2));
  EXPECT_FALSE(to->index()->contains({EntryKind::data, tasks[0].id}));
  expect_sound(*to);
}

TEST_F(RepackTest, CopiesASharedBlockOnceForItsEntries) {
  auto from = open("from");
  put_files(*from, "in", {{"a", random_bytes(9000, 1)}, {"b", random_bytes(9000, 2)}});
  auto to = open("to");
  ASSERT_OK(copy(*from, all_of(*from), *to));
  ASSERT_OK_AND_ASSIGN(PackTable table, read_pack_table(packs_of(*to).front()));
  EXPECT_EQ(table.blocks_end, kPackHeaderSize + 18000);
}

TEST_F(RepackTest, KeepsTheChecksumOfABlockBehindAnEmptyOne) {
  // An empty block ends where it begins, so the next block has the same offset.
  auto from = open("from");
  PackWriter packs(from->paths().temporary());
  Buffer block = random_bytes(1000, 1);
  PackEntry empty{{EntryKind::data, codec::hash({})}, {}, codec::checksum({})};
  PackEntry full{{EntryKind::data, codec::hash(block)},
                 {0, 1000, 1000, 0, 1000, codec::Codec::raw},
                 codec::checksum(block)};
  ASSERT_OK(packs.append({}, {empty}));
  ASSERT_OK(packs.append(block, {full}));
  ASSERT_OK_AND_ASSIGN(auto finished, packs.finish());
  ASSERT_OK(from->publish(std::move(finished)));
  expect_sound(*from);
  auto to = open("to");
  ASSERT_OK(copy(*from, all_of(*from), *to));
  expect_sound(*to);
  EXPECT_EQ(*get(*to, full.key.id), block);
  EXPECT_TRUE(get(*to, empty.key.id)->empty());
}

TEST_F(RepackTest, JoinsManyPacksAndSkipsWhatIsNotAskedFor) {
  auto from = open("from");
  std::vector<Object> wanted;
  for (std::uint64_t i = 0; i < 40; ++i) {
    Id id = put(*from, random_bytes(40000, i));
    if (i % 3 == 0) {
      wanted.push_back({Family::blob, id, 40000});
    }
  }
  ASSERT_OK_AND_ASSIGN(Closure closure, collect_closure(*from, wanted, context()));
  std::vector<CopyEntry> entries;
  for (const Key& key : closure.present) {
    entries.push_back({key, *from->index()->find(key)});
  }
  auto to = open("to");
  ASSERT_OK(copy(*from, entries, *to));
  EXPECT_EQ(packs_of(*to).size(), 1u);
  for (std::uint64_t i = 0; i < 40; ++i) {
    Id id = codec::hash(random_bytes(40000, i));
    EXPECT_EQ(get(*to, id).ok(), i % 3 == 0) << i;
  }
  expect_sound(*to);
}

TEST_F(RepackTest, CopiesNothingForNothing) {
  auto from = open("from");
  StoreBlocks blocks(*from);
  ASSERT_OK_AND_ASSIGN(auto packs, copy_entries({}, blocks, from->paths().temporary()));
  EXPECT_TRUE(packs.empty());
}

TEST_F(RepackTest, FailsWhereASourceIsGoneAndLeavesNothing) {
  auto from = open("from");
  put(*from, random_bytes(1000, 1));
  auto entries = all_of(*from);
  entries[0].from.pack = codec::hash(as_bytes("none"));
  StoreBlocks blocks(*from);
  EXPECT_THAT(copy_entries(entries, blocks, from->paths().temporary()), FailsWith(Code::not_found, ".pack"));
  EXPECT_TRUE(test::names_in(from->paths().temporary()).empty());
}

}  // namespace
}  // namespace cairn::store
