// SPDX-License-Identifier: Apache-2.0
#include "store/writer.h"

#include <set>

#include "os/file.h"
#include "store/verify.h"
#include "support/store_fixture.h"

namespace cairn::store {
namespace {

using cairn::test::FailsWith;
using cairn::test::names_in;
using cairn::test::random_bytes;
using cairn::test::raw_codec;
using cairn::test::text_bytes;

class WriterTest : public test::StoreFixture {
 protected:
  Writer writer(Store& store, codec::Compression compression = raw_codec()) {
    // A Context must outlive its writer.
    contexts_.push_back(std::make_unique<Context>(context()));
    auto opened = Writer::open(store, compression, *contexts_.back());
    EXPECT_OK(opened);
    return std::move(*opened);
  }

 private:
  std::vector<std::unique_ptr<Context>> contexts_;
};

TEST_F(WriterTest, NamesABlobByTheHashOfItsBytes) {
  auto store = open();
  for (std::size_t size : {0u, 1u, 16384u, 16385u, 65536u, 1u << 20, 3u << 20}) {
    Buffer bytes = text_bytes(size, size);
    Id id = put(*store, bytes);
    EXPECT_EQ(id, codec::hash(bytes)) << size;
    ASSERT_OK_AND_ASSIGN(Buffer back, get(*store, id));
    EXPECT_EQ(back, bytes) << size;
  }
}

TEST_F(WriterTest, ReadsBackWhatEveryCompressionStored) {
  for (const char* name : {"raw", "fast", "1", "9", "19"}) {
    auto store = open(std::string("store-") + name);
    Buffer bytes = text_bytes(700000, 1);
    append(bytes, random_bytes(300000, 2));
    Id id = put(*store, bytes, *codec::parse_compression(name));
    ASSERT_OK_AND_ASSIGN(Buffer back, get(*store, id));
    EXPECT_EQ(back, bytes) << name;
  }
}

TEST_F(WriterTest, ShowsNothingBeforeCommit) {
  auto store = open();
  auto other = open();
  Writer session = writer(*store);
  ASSERT_OK_AND_ASSIGN(Id id, session.put_blob(random_bytes(2u << 20, 1)));
  ASSERT_OK(other->reload());
  EXPECT_FALSE(other->has({Family::blob, id, 2u << 20}));
  EXPECT_TRUE(packs_of(*store).empty());
  EXPECT_TRUE(segments_of(*store).empty());
  ASSERT_OK(session.commit());
  ASSERT_OK(other->reload());
  EXPECT_TRUE(other->has({Family::blob, id, 2u << 20}));
}

TEST_F(WriterTest, LeavesNothingWhenItIsDropped) {
  auto store = open();
  Id id;
  {
    Writer session = writer(*store);
    ASSERT_OK_AND_ASSIGN(id, session.put_blob(random_bytes(2u << 20, 1)));
    EXPECT_FALSE(names_in(store->paths().temporary()).empty());
  }
  EXPECT_TRUE(names_in(store->paths().temporary()).empty());
  EXPECT_TRUE(packs_of(*store).empty());
  EXPECT_THAT(get(*store, id), FailsWith(Code::not_found, id.text()));
}

TEST_F(WriterTest, LeavesNothingInTemporaryAfterCommit) {
  auto store = open();
  put(*store, random_bytes(5000, 1));
  EXPECT_TRUE(names_in(store->paths().temporary()).empty());
}

TEST_F(WriterTest, StoresNothingTwice) {
  auto store = open();
  Buffer bytes = random_bytes(3u << 20, 1);
  put(*store, bytes);
  auto packs = packs_of(*store);
  Writer session = writer(*store);
  ASSERT_OK(session.put_blob(bytes));
  ASSERT_OK(session.commit());
  EXPECT_EQ(session.stored_bytes(), 0u);
  EXPECT_EQ(packs_of(*store), packs);
}

TEST_F(WriterTest, StoresNothingTwiceWithinASession) {
  auto store = open();
  Writer session = writer(*store);
  Buffer bytes = random_bytes(1u << 20, 1);
  ASSERT_OK(session.put_blob(bytes));
  ASSERT_OK(session.put_blob(bytes));
  ASSERT_OK(session.commit());
  std::uint64_t once = session.stored_bytes();
  EXPECT_LT(once, bytes.size() + 4096);
  ASSERT_OK(session.put_blob(bytes));
  ASSERT_OK(session.commit());
  EXPECT_EQ(session.stored_bytes(), once);
}

TEST_F(WriterTest, GoesOnAfterCommit) {
  auto store = open();
  Writer session = writer(*store);
  ASSERT_OK_AND_ASSIGN(Id first, session.put_blob(random_bytes(5000, 1)));
  ASSERT_OK(session.commit());
  ASSERT_OK_AND_ASSIGN(Id second, session.put_blob(random_bytes(5000, 2)));
  ASSERT_OK(session.commit());
  ASSERT_OK(session.commit());
  EXPECT_OK(get(*store, first));
  EXPECT_OK(get(*store, second));
  EXPECT_EQ(packs_of(*store).size(), 2u);
}

TEST_F(WriterTest, StoresAnEditedBlobForTheBytesAroundTheEdit) {
  auto store = open();
  Buffer bytes = random_bytes(20u << 20, 1);
  put(*store, bytes);
  bytes.insert(bytes.begin() + (10 << 20), {1, 2, 3});
  Writer session = writer(*store);
  ASSERT_OK_AND_ASSIGN(Id id, session.put_blob(bytes));
  ASSERT_OK(session.commit());
  EXPECT_LT(session.stored_bytes(), 1u << 20);
  ASSERT_OK_AND_ASSIGN(Buffer back, get(*store, id));
  EXPECT_TRUE(back == bytes);
}

TEST_F(WriterTest, PutsSmallBlobsIntoSharedBlocks) {
  auto store = open();
  Writer session = writer(*store);
  std::vector<Id> ids;
  for (std::uint64_t i = 0; i < 300; ++i) {
    ASSERT_OK_AND_ASSIGN(Id id, session.put_blob(random_bytes(1000, i)));
    ids.push_back(id);
  }
  ASSERT_OK(session.commit());
  ASSERT_OK_AND_ASSIGN(PackTable table, read_pack_table(packs_of(*store).front()));
  std::set<std::uint64_t> blocks;
  for (const PackEntry& entry : table.entries) {
    blocks.insert(entry.place.offset);
    EXPECT_LE(entry.place.block_size, 160u << 10);
  }
  EXPECT_EQ(blocks.size(), 3u);
  for (std::uint64_t i = 0; i < 300; ++i) {
    EXPECT_EQ(*get(*store, ids[i]), random_bytes(1000, i));
  }
}

TEST_F(WriterTest, StoresAgainWhatACollectorRemovedSinceTheStoreWasOpened) {
  auto store = open();
  Buffer bytes = random_bytes(50000, 1);
  Id id = put(*store, bytes);
  // Another process removes the pack: nothing named it.
  for (const std::string& path : packs_of(*store)) {
    ASSERT_OK(os::remove_file(path));
  }
  EXPECT_EQ(put(*store, bytes), id);
  auto fresh = open();
  ASSERT_OK_AND_ASSIGN(Buffer back, get(*fresh, id));
  EXPECT_EQ(back, bytes);
}

TEST_F(WriterTest, CommitsNothingAfterAFailedWrite) {
  auto store = open();
  Writer session = writer(*store);
  Id id;
  {
    test::FileSizeLimit limit(2u << 20);
    auto stored = session.put_blob(random_bytes(8u << 20, 1));
    ASSERT_FALSE(stored.ok());
  }
  EXPECT_FALSE(session.commit().ok());
  EXPECT_TRUE(packs_of(*store).empty());
}

TEST_F(WriterTest, NeverCommitsAgainAfterAFailedCommit) {
  auto store = open();
  Writer session = writer(*store);
  ASSERT_OK(session.put_blob(random_bytes(100, 1)));
  ASSERT_OK(os::rename_file(store->paths().packs(), dir_ / "away"));
  EXPECT_FALSE(session.commit().ok());
  ASSERT_OK(os::rename_file(dir_ / "away", store->paths().packs()));
  EXPECT_FALSE(session.commit().ok()) << "what was put is not stored";
}

TEST_F(WriterTest, RefusesToWriteWhileTheStoreIsCollected) {
  auto store = open();
  ASSERT_OK_AND_ASSIGN(os::FileLock lock,
                       os::FileLock::acquire(store->paths().lock(), os::LockMode::exclusive, {}));
  Context with = context();
  EXPECT_THAT(Writer::open(*store, raw_codec(), with), FailsWith(Code::locked, "lock"));
}

TEST_F(WriterTest, StoresALongFolderInChunks) {
  Tree tree;
  for (int i = 0; i < 40000; ++i) {
    TreeEntry entry;
    entry.name = "file-" + std::to_string(1000000 + i);
    entry.id = codec::hash(as_bytes(entry.name));
    entry.size = 1;
    tree.entries.push_back(entry);
  }
  auto store = open();
  Id id = put(*store, tree);
  EXPECT_EQ(id, tree_id(encode_tree(tree)));
  EXPECT_TRUE(store->index()->contains({EntryKind::tree_recipe, id}));
  Reader reader(*store);
  ASSERT_OK_AND_ASSIGN(Tree back, reader.read_tree(id));
  EXPECT_TRUE(back.entries == tree.entries);

  tree.entries[20000].size = 2;
  Writer session = writer(*store);
  ASSERT_OK(session.put_tree(tree));
  ASSERT_OK(session.commit());
  EXPECT_LT(session.stored_bytes(), 500000u) << "a change in one entry stores the chunks around it";
}

TEST_F(WriterTest, KeepsBlobsAndFoldersOfTheSameBytesApart) {
  auto store = open();
  Tree tree;
  Id folder = put(*store, tree);
  Id blob = put(*store, encode_tree(tree));
  EXPECT_NE(folder, blob);
  Reader reader(*store);
  EXPECT_THAT(reader.read_object(Family::blob, folder), FailsWith(Code::not_found, folder.text()));
  EXPECT_THAT(reader.read_tree(blob), FailsWith(Code::not_found, blob.text()));
}

}  // namespace
}  // namespace cairn::store
