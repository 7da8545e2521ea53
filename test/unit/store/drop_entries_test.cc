// SPDX-License-Identifier: Apache-2.0
#include "store/drop_entries.h"

#include <filesystem>
#include <thread>

#include "store/droppable.h"
#include "store/verify.h"
#include "support/store_fixture.h"

namespace cairn::store {
namespace {

namespace fs = std::filesystem;
using cairn::test::FailsWith;
using cairn::test::random_bytes;
using cairn::test::read_bytes;
using cairn::test::write_bytes;

constexpr std::size_t kLarge = 1u << 20;

class DropEntriesTest : public test::StoreFixture {
 protected:
  static Object blob(const Id& id, std::uint64_t size = 1) { return {Family::blob, id, size}; }
  static Object folder(const Id& id) { return {Family::tree, id, 0}; }

  /// Several blobs in one session, so in one pack.
  std::vector<Id> put_together(Store& store, const std::vector<Buffer>& blobs) {
    Context with = context();
    auto writer = Writer::open(store, test::raw_codec(), with);
    EXPECT_OK(writer);
    std::vector<Id> ids;
    for (const Buffer& bytes : blobs) {
      auto id = writer->put_blob(bytes);
      EXPECT_OK(id);
      ids.push_back(*id);
    }
    EXPECT_OK(writer->commit());
    return ids;
  }
  Id put_folder(Store& store, const std::map<std::string, Buffer>& files) {
    Tree tree;
    for (const auto& [name, bytes] : files) {
      TreeEntry entry;
      entry.name = name;
      entry.id = put(store, bytes);
      entry.size = bytes.size();
      tree.entries.push_back(entry);
    }
    return put(store, tree);
  }
  Result<DropReport> drop(Store& store, std::vector<Object> dropped, std::vector<Object> kept = {},
                          bool dry_run = false) {
    DropRequest request{std::move(dropped), std::move(kept), [](const Key&) { return true; }, dry_run};
    return drop_entries(store, request, context());
  }
  void expect_sound(Store& store) {
    ASSERT_OK_AND_ASSIGN(const VerifyReport report, verify_store(store, VerifyDepth::data, context()));
    EXPECT_TRUE(report.damage.empty());
  }
  static void expect_blob(Store& store, const Id& id, const Buffer& bytes) {
    ASSERT_OK_AND_ASSIGN(const Buffer back, get(store, id));
    EXPECT_TRUE(back == bytes);
  }
  static void expect_gone(Store& store, const Id& id) {
    EXPECT_THAT(get(store, id), FailsWith(Code::not_found, id.text()));
  }
  static std::uint64_t size_of(const Store& store) {
    std::uint64_t size = 0;
    for (const std::string& pack : packs_of(store)) {
      size += fs::file_size(pack);
    }
    return size;
  }
};

TEST_F(DropEntriesTest, RemovesAPackThatHoldsNothingElse) {
  auto store = open();
  const Buffer stays = random_bytes(kLarge, 1);
  const Id kept = put(*store, stays);
  const Id gone = put(*store, random_bytes(kLarge, 2));
  const std::uint64_t before = size_of(*store);
  ASSERT_OK_AND_ASSIGN(const DropReport report, drop(*store, {blob(gone)}));
  EXPECT_EQ(report.packs_removed, 1u);
  EXPECT_EQ(report.packs_rewritten, 0u);
  EXPECT_EQ(report.bytes, before - size_of(*store));
  EXPECT_TRUE(report.staying.empty());
  expect_gone(*store, gone);
  expect_gone(*open(), gone);
  expect_blob(*open(), kept, stays);
  expect_sound(*store);
}

TEST_F(DropEntriesTest, RewritesAPackThatHoldsSomethingElse) {
  auto store = open();
  const std::vector<Buffer> blobs = {random_bytes(kLarge, 1), random_bytes(kLarge, 2), random_bytes(100, 3)};
  const std::vector<Id> ids = put_together(*store, blobs);
  ASSERT_EQ(packs_of(*store).size(), 1u);
  const std::uint64_t before = size_of(*store);
  ASSERT_OK_AND_ASSIGN(const DropReport report, drop(*store, {blob(ids[0])}));
  EXPECT_EQ(report.packs_rewritten, 1u);
  EXPECT_EQ(report.bytes, before - size_of(*store));
  EXPECT_GT(report.bytes, kLarge - 4096) << "all but the recipe, which is in a block with others";
  EXPECT_EQ(packs_of(*store).size(), 1u);
  expect_gone(*store, ids[0]);
  expect_blob(*store, ids[1], blobs[1]);
  expect_blob(*open(), ids[2], blobs[2]);
  expect_sound(*store);
}

TEST_F(DropEntriesTest, LeavesChunksThatAnotherVersionShares) {
  auto store = open();
  Buffer bytes = random_bytes(8 * kLarge, 1);
  const Id old_version = put(*store, bytes);
  const Buffer old_bytes = bytes;
  bytes.insert(bytes.begin() + 4 * kLarge, {1, 2, 3});
  const Id new_version = put(*store, bytes);
  ASSERT_OK_AND_ASSIGN(const DropReport report, drop(*store, {blob(new_version)}));
  EXPECT_GT(report.entries, 0u);
  EXPECT_LT(report.bytes, kLarge);
  expect_blob(*store, old_version, old_bytes);
  expect_gone(*store, new_version);
  expect_sound(*store);
}

TEST_F(DropEntriesTest, LeavesWhatAnotherFolderHolds) {
  auto store = open();
  const Buffer shared = random_bytes(kLarge, 1);
  const Buffer own = random_bytes(kLarge, 2);
  const Id dropped = put_folder(*store, {{"own", own}, {"shared", shared}});
  const Id other = put_folder(*store, {{"renamed", shared}});
  ASSERT_OK(drop(*store, {folder(dropped)}));
  expect_blob(*store, codec::hash(shared), shared);
  expect_gone(*store, codec::hash(own));
  Reader reader(*store);
  EXPECT_OK(reader.read_tree(other));
  EXPECT_THAT(reader.read_tree(dropped), FailsWith(Code::not_found, dropped.text()));
  expect_sound(*store);
}

TEST_F(DropEntriesTest, LeavesAFolderThatIsInsideAnother) {
  auto store = open();
  const Buffer bytes = random_bytes(5000, 1);
  const Id inner = put_folder(*store, {{"file", bytes}});
  Tree tree;
  TreeEntry entry;
  entry.name = "inner";
  entry.kind = TreeKind::folder;
  entry.id = inner;
  entry.size = bytes.size();
  entry.files = 1;
  tree.entries.push_back(entry);
  put(*store, tree);
  ASSERT_OK_AND_ASSIGN(const DropReport report, drop(*store, {folder(inner)}));
  EXPECT_EQ(report.entries, 0u);
  EXPECT_EQ(report.staying, std::vector{folder(inner)});
  expect_blob(*store, codec::hash(bytes), bytes);
}

TEST_F(DropEntriesTest, LeavesWhatHasToBeKept) {
  auto store = open();
  const Buffer bytes = random_bytes(kLarge, 1);
  const Id dropped = put_folder(*store, {{"a", bytes}});
  ASSERT_OK_AND_ASSIGN(const DropReport report, drop(*store, {folder(dropped)}, {blob(codec::hash(bytes))}));
  EXPECT_EQ(report.entries, 1u);
  expect_blob(*store, codec::hash(bytes), bytes);
}

TEST_F(DropEntriesTest, LeavesWhatHasNoCopyElsewhere) {
  auto store = open();
  const Buffer bytes = random_bytes(kLarge, 1);
  const Object object = blob(put(*store, bytes));
  DropRequest request{{object}, {}, [](const Key&) { return false; }};
  ASSERT_OK_AND_ASSIGN(const DropReport report, drop_entries(*store, request, context()));
  EXPECT_EQ(report.entries, 0u);
  EXPECT_EQ(report.staying, std::vector{object});
  expect_blob(*store, object.id, bytes);
}

TEST_F(DropEntriesTest, DropsALongFolderWithoutWhatASimilarOneNeeds) {
  Tree tree;
  for (int i = 0; i < 40000; ++i) {
    TreeEntry entry;
    entry.name = "file-" + std::to_string(1000000 + i);
    entry.id = codec::hash(as_bytes(entry.name));
    entry.size = 1;
    tree.entries.push_back(entry);
  }
  auto store = open();
  const Id old_version = put(*store, tree);
  tree.entries[20000].size = 2;
  const Id new_version = put(*store, tree);
  ASSERT_OK_AND_ASSIGN(const DropReport report, drop(*store, {folder(new_version)}));
  EXPECT_GT(report.entries, 0u);
  Reader reader(*store);
  ASSERT_OK_AND_ASSIGN(const Tree back, reader.read_tree(old_version));
  EXPECT_EQ(back.entries.size(), tree.entries.size());
  EXPECT_THAT(reader.read_tree(new_version), FailsWith(Code::not_found, new_version.text()));
  ASSERT_OK(drop(*store, {folder(old_version)}));
  EXPECT_TRUE(packs_of(*store).empty());
}

TEST_F(DropEntriesTest, ADryRunSaysWhatARealOneDoes) {
  auto store = open();
  const std::vector<Id> ids = put_together(*store, {random_bytes(kLarge, 1), random_bytes(kLarge, 2)});
  const std::vector<std::string> packs = packs_of(*store);
  ASSERT_OK_AND_ASSIGN(const DropReport dry, drop(*store, {blob(ids[0])}, {}, true));
  EXPECT_EQ(packs_of(*store), packs);
  ASSERT_OK_AND_ASSIGN(const DropReport done, drop(*store, {blob(ids[0])}));
  EXPECT_EQ(dry.bytes, done.bytes);
  EXPECT_EQ(dry.entries, done.entries);
  EXPECT_EQ(dry.packs_rewritten, done.packs_rewritten);
}

TEST_F(DropEntriesTest, DropsBothCopiesOfAnEntry) {
  auto store = open();
  const Buffer bytes = random_bytes(50'000, 1);
  const Id id = put(*store, bytes);
  const std::string first = packs_of(*store).front();
  const Buffer pack = read_bytes(first);
  ASSERT_OK(drop(*store, {blob(id)}));
  put_together(*store, {bytes, random_bytes(50'000, 2)});
  write_bytes(first, pack);
  auto fresh = open();
  ASSERT_OK_AND_ASSIGN(const DropReport report, drop(*fresh, {blob(id)}));
  EXPECT_EQ(report.packs_removed + report.packs_rewritten, 2u);
  expect_gone(*open(), id);
}

TEST_F(DropEntriesTest, WhatWasDroppedCanBeStoredAgain) {
  auto store = open();
  const Buffer bytes = random_bytes(kLarge, 1);
  const Id id = put(*store, bytes);
  ASSERT_OK(drop(*store, {blob(id)}));
  EXPECT_EQ(put(*store, bytes), id);
  expect_blob(*open(), id, bytes);
  expect_sound(*store);
}

TEST_F(DropEntriesTest, ADamagedPackIsAnErrorAndStays) {
  auto store = open();
  const std::vector<Id> ids = put_together(*store, {random_bytes(kLarge, 1), random_bytes(kLarge, 2)});
  const std::string pack = packs_of(*store).front();
  ASSERT_OK_AND_ASSIGN(const PackTable table, read_pack_table(pack));
  std::uint64_t offset = 0;
  for (const PackEntry& entry : table.entries) {
    offset = store->index()->find(entry.key)->place.size == 0 ? offset : std::max(offset, entry.place.offset);
  }
  Buffer bytes = read_bytes(pack);
  bytes[offset] ^= 1;  // of the last block
  write_bytes(pack, bytes);
  auto fresh = open();
  const auto first = drop(*fresh, {blob(ids[0])});
  EXPECT_THAT(first, FailsWith(Code::corrupt, pack));
  EXPECT_EQ(packs_of(*fresh), std::vector{pack});
}

/// Every state that a kill leaves: new packs come one by one, then the index names them, then old ones go.
TEST_F(DropEntriesTest, RemovesWhatAKilledOneLeft) {
  auto store = open();
  const Id id = put(*store, random_bytes(1000, 1));
  const std::string left = store->paths().temporary() + "/0123.pack";
  test::write_text(left, "half a pack");
  ASSERT_OK(drop(*store, {blob(id)}, {}, true));
  EXPECT_TRUE(fs::exists(left));
  ASSERT_OK(drop(*store, {blob(id)}));
  EXPECT_TRUE(test::names_in(store->paths().temporary()).empty());
}

TEST_F(DropEntriesTest, KilledAnywhereItLosesNothingAndTheNextOneCompletes) {
  auto store = open();
  std::vector<Id> dropped;
  std::map<Id, Buffer> kept;
  for (std::uint64_t i = 0; i < 3; ++i) {
    const std::vector<Buffer> blobs = {random_bytes(kLarge, 10 + i), random_bytes(kLarge, 20 + i)};
    const std::vector<Id> ids = put_together(*store, blobs);
    dropped.push_back(ids[0]);
    kept.emplace(ids[1], blobs[1]);
  }
  const std::vector<Object> objects = {blob(dropped[0]), blob(dropped[1]), blob(dropped[2])};
  const std::string root = store->paths().root;
  const auto copy = fs::copy_options::recursive;
  fs::copy(root, root + ".before", copy);
  const std::vector<std::string> old_packs = packs_of(*store);
  ASSERT_OK(drop(*store, objects));
  const std::vector<std::string> new_packs = packs_of(*store);
  fs::copy(root, root + ".after", copy);
  for (std::size_t step = 0; step <= 1 + old_packs.size(); ++step) {
    SCOPED_TRACE(step);
    fs::remove_all(root);
    fs::copy(root + ".before", root, copy);
    for (const std::string& pack : new_packs) {
      fs::copy_file(root + ".after" + pack.substr(root.size()), pack);
    }
    if (step > 0) {
      fs::copy(root + ".after/index", root + "/index", copy | fs::copy_options::skip_existing);
    }
    for (std::size_t i = 0; i + 1 < step; ++i) {
      fs::remove(old_packs[i]);
    }
    auto next = open();
    for (const auto& [id, bytes] : kept) {
      expect_blob(*next, id, bytes);
    }
    expect_sound(*next);
    ASSERT_OK(drop(*next, objects));
    for (const Id& id : dropped) {
      expect_gone(*next, id);
    }
    for (const auto& [id, bytes] : kept) {
      expect_blob(*open(), id, bytes);
    }
    expect_sound(*next);
  }
}

TEST_F(DropEntriesTest, ReadersAndWritersGoOnMeanwhile) {
  auto first = open();
  const std::vector<Buffer> blobs = {random_bytes(kLarge, 1), random_bytes(kLarge, 2)};
  const std::vector<Id> ids = put_together(*first, blobs);
  std::atomic<bool> done{false};
  std::thread reads([&] {
    auto mine = open();
    while (!done) {
      expect_blob(*mine, ids[1], blobs[1]);
    }
  });
  std::map<Id, Buffer> written;
  std::thread writes([&] {
    auto mine = open();
    for (std::uint64_t i = 0; i < 20; ++i) {
      const Buffer bytes = random_bytes(200'000, 100 + i);
      written.emplace(put(*mine, bytes), bytes);
    }
  });
  for (std::uint64_t i = 0; i < 10; ++i) {
    auto mine = open();
    const std::vector<Id> more = put_together(*mine, {random_bytes(300'000, 50 + i), blobs[1]});
    auto report = drop(*mine, {blob(more[0]), blob(ids[0])});
    while (!report.ok() && report.error().code() == Code::locked) {  // writers may take their time
      report = drop(*mine, {blob(more[0]), blob(ids[0])});
    }
    EXPECT_OK(report);
  }
  writes.join();
  done = true;
  reads.join();
  auto last = open();
  for (const auto& [id, bytes] : written) {
    expect_blob(*last, id, bytes);
  }
  expect_blob(*last, ids[1], blobs[1]);
  expect_gone(*last, ids[0]);
  expect_sound(*last);
}

}  // namespace
}  // namespace cairn::store
