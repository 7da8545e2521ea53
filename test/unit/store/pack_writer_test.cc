// SPDX-License-Identifier: Apache-2.0
#include "store/pack_writer.h"

#include <mutex>

#include "os/file.h"
#include "os/parallel.h"
#include "support/store_fixture.h"

namespace cairn::store {
namespace {

using cairn::test::FailsWith;
using cairn::test::names_in;

PackEntry row(std::uint64_t offset, Bytes block) {
  auto size = static_cast<std::uint32_t>(block.size());
  PackEntry entry;
  entry.key.id = codec::hash(block);
  entry.place = {offset, size, size, 0, size, codec::Codec::raw};
  entry.checksum = codec::checksum(block);
  return entry;
}

/// The stored bytes of an entry in a pack file.
Buffer stored(const std::string& path, const PackEntry& entry) {
  Buffer file = test::read_bytes(path);
  auto from = file.begin() + static_cast<std::ptrdiff_t>(entry.place.offset);
  return Buffer(from, from + entry.place.stored_size);
}

TEST(PackWriter, WritesAPackThatReadsBack) {
  test::TempDir dir;
  PackWriter packs(dir.path());
  Buffer block = test::random_bytes(1000, 1);
  ASSERT_OK(packs.append(block, {row(0, block)}));
  ASSERT_OK_AND_ASSIGN(auto finished, packs.finish());
  ASSERT_EQ(finished.size(), 1u);
  ASSERT_OK_AND_ASSIGN(PackTable table, read_pack_table(finished[0].path));
  EXPECT_EQ(table.id, finished[0].table.id);
  EXPECT_EQ(table.blocks_end, finished[0].table.blocks_end);
  ASSERT_EQ(table.entries.size(), 1u);
  EXPECT_EQ(stored(finished[0].path, table.entries[0]), block);
  EXPECT_EQ(packs.stored_bytes(), block.size());
}

TEST(PackWriter, MakesNoPackForNothing) {
  test::TempDir dir;
  PackWriter packs(dir.path());
  ASSERT_OK_AND_ASSIGN(auto finished, packs.finish());
  EXPECT_TRUE(finished.empty());
  EXPECT_TRUE(names_in(dir.path()).empty());
}

TEST(PackWriter, RemovesItsFilesWhenItIsDropped) {
  test::TempDir dir;
  {
    PackWriter packs(dir.path());
    Buffer block = test::random_bytes(10, 1);
    ASSERT_OK(packs.append(block, {row(0, block)}));
    EXPECT_EQ(names_in(dir.path()).size(), 1u);
  }
  EXPECT_TRUE(names_in(dir.path()).empty());
}

TEST(PackWriter, StartsANewPackAfterFinish) {
  test::TempDir dir;
  PackWriter packs(dir.path());
  Buffer block = test::random_bytes(10, 1);
  ASSERT_OK(packs.append(block, {row(0, block)}));
  ASSERT_OK(packs.finish());
  Buffer other = test::random_bytes(10, 2);
  ASSERT_OK(packs.append(other, {row(0, other)}));
  ASSERT_OK_AND_ASSIGN(auto finished, packs.finish());
  ASSERT_EQ(finished.size(), 1u);
  ASSERT_EQ(finished[0].table.entries.size(), 1u);
  EXPECT_EQ(finished[0].table.entries[0].key.id, codec::hash(other));
}

TEST(PackWriter, StartsANewPackAtItsSize) {
  test::TempDir dir;
  PackWriter packs(dir.path());
  Buffer block = test::random_bytes(4u << 20, 1);
  for (int i = 0; i < 20; ++i) {
    block[0] = static_cast<std::uint8_t>(i);
    ASSERT_OK(packs.append(block, {row(0, block)}));
  }
  ASSERT_OK_AND_ASSIGN(auto finished, packs.finish());
  ASSERT_EQ(finished.size(), 2u);
  EXPECT_LE(finished[0].table.blocks_end, kPackSize + kPackSize / 16);
  EXPECT_EQ(finished[0].table.entries.size() + finished[1].table.entries.size(), 20u);
  for (const auto& pack : finished) {
    for (const PackEntry& entry : pack.table.entries) {
      EXPECT_EQ(codec::hash(stored(pack.path, entry)), entry.key.id);
    }
  }
}

TEST(PackWriter, HandsOutEachPackAsSoonAsItIsFull) {
  test::TempDir dir;
  std::mutex mutex;
  std::vector<Store::FinishedPack> full;
  PackWriter packs(dir.path(), [&](Store::FinishedPack pack) -> Status {
    const std::lock_guard lock(mutex);
    full.push_back(std::move(pack));
    return {};
  });
  ASSERT_OK(os::run_workers(4, [&](unsigned worker) -> Status {
    Buffer block = test::random_bytes(4u << 20, worker);
    for (unsigned i = 0; i < 9; ++i) {
      block[0] = static_cast<std::uint8_t>(i);
      CAIRN_TRY(packs.append(block, {row(0, block)}));
    }
    return {};
  }));
  EXPECT_EQ(full.size(), 2u);
  ASSERT_OK_AND_ASSIGN(auto last, packs.finish());
  EXPECT_EQ(last.size(), 1u);
  full.push_back(std::move(last.front()));
  std::size_t entries = 0;
  for (const auto& pack : full) {
    ASSERT_OK_AND_ASSIGN(const PackTable table, read_pack_table(pack.path));
    EXPECT_EQ(table.id, pack.table.id);
    const Buffer file = test::read_bytes(pack.path);
    for (const PackEntry& entry : pack.table.entries) {
      const Bytes block = Bytes(file).subspan(entry.place.offset, entry.place.stored_size);
      EXPECT_EQ(codec::checksum(block), entry.checksum);
    }
    entries += pack.table.entries.size();
  }
  EXPECT_EQ(entries, 36u);
}

TEST(PackWriter, TheErrorOfWhoeverTakesAPackEndsTheWriter) {
  test::TempDir dir;
  PackWriter packs(dir.path(), [](Store::FinishedPack pack) -> Status {
    EXPECT_OK(os::remove_file(pack.path));
    return Error(Code::remote, "gone");
  });
  Buffer block = test::random_bytes(4u << 20, 1);
  Status appended;
  for (int i = 0; i < 20 && appended.ok(); ++i) {
    appended = packs.append(block, {row(0, block)});
  }
  EXPECT_THAT(appended, FailsWith(Code::remote, "gone"));
  EXPECT_THAT(packs.finish(), FailsWith(Code::remote, "gone"));
}

TEST(PackWriter, GivesThreadsSeparatePlaces) {
  test::TempDir dir;
  PackWriter packs(dir.path());
  ASSERT_OK(os::run_workers(8, [&](unsigned worker) -> Status {
    for (unsigned i = 0; i < 50; ++i) {
      Buffer block = test::random_bytes(100 + 7 * i, worker * 1000 + i);
      CAIRN_TRY(packs.append(block, {row(0, block)}));
    }
    return {};
  }));
  ASSERT_OK_AND_ASSIGN(auto finished, packs.finish());
  ASSERT_EQ(finished.size(), 1u);
  Buffer file = test::read_bytes(finished[0].path);
  ASSERT_EQ(finished[0].table.entries.size(), 400u);
  for (const PackEntry& entry : finished[0].table.entries) {
    EXPECT_EQ(codec::hash(Bytes(file).subspan(entry.place.offset, entry.place.stored_size)), entry.key.id);
  }
}

TEST(PackWriter, HandsOutNothingAfterAFailedWrite) {
  test::TempDir dir;
  PackWriter packs(dir.path());
  Buffer block = test::random_bytes(5000, 1);
  ASSERT_OK(packs.append(block, {row(0, block)}));
  {
    test::FileSizeLimit limit(8000);
    EXPECT_FALSE(packs.append(block, {row(0, block)}).ok());
  }
  EXPECT_FALSE(packs.finish().ok()) << "the pack has a hole where a block should be";
}

TEST(PackWriter, ReportsAFolderThatIsGone) {
  PackWriter packs("/nonexistent/folder");
  Buffer block(1);
  EXPECT_THAT(packs.append(block, {row(0, block)}), FailsWith(Code::not_found, "cannot create"));
}

}  // namespace
}  // namespace cairn::store
