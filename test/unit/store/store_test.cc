// SPDX-License-Identifier: Apache-2.0
#include "store/store.h"

#include <unistd.h>

#include <filesystem>

#include "os/file.h"
#include "store/pack_writer.h"
#include "support/store_fixture.h"

namespace cairn::store {
namespace {

using cairn::test::FailsWith;
using cairn::test::names_in;
using cairn::test::random_bytes;

class StoreTest : public test::StoreFixture {};

TEST_F(StoreTest, MakesItsFoldersWhereMissing) {
  auto store = open("a/b/store");
  EXPECT_EQ(names_in(dir_ / "a/b/store"), (std::vector<std::string>{"format", "index", "packs", "tmp"}));
  EXPECT_EQ(test::read_text(store->paths().format()), "cairn store 1\n");
}

TEST_F(StoreTest, KeepsItsContentWhenItIsOpenedAgain) {
  Id id = put(*open(), random_bytes(1000, 1));
  auto again = open();
  EXPECT_TRUE(again->has({Family::blob, id, 1000}));
  EXPECT_EQ(*get(*again, id), random_bytes(1000, 1));
}

TEST_F(StoreTest, RefusesANewerFormatNamingIt) {
  auto store = open();
  test::write_text(store->paths().format(), "cairn store 27\n");
  auto opened = Store::open(dir_ / "store");
  EXPECT_THAT(opened, FailsWith(Code::unsupported, "format 27"));
  EXPECT_EQ(opened.error().hint(), "install a newer cairn");
  EXPECT_EQ(test::read_text(store->paths().format()), "cairn store 27\n") << "never repaired";
}

TEST_F(StoreTest, RefusesAFormatFileThatItDidNotWrite) {
  auto store = open();
  for (const char* text :
       {"", "cairn store", "cairn store 0\n", "cairn store x\n", "dvc 3\n", "cairn store 1\njunk",
        "cairn store 1x", "cairn store -1\n", "cairn store 99999999999999999999\n"}) {
    test::write_text(store->paths().format(), text);
    EXPECT_FALSE(Store::open(dir_ / "store").ok()) << text;
  }
}

TEST_F(StoreTest, RemovesLeftoversWhenNobodyWrites) {
  auto store = open();
  test::write_text(store->paths().temporary() + "/0123.pack", "half a pack");
  test::write_text(store->paths().temporary() + "/folder/file", "x");
  ASSERT_OK(store->lock_for_writing());
  EXPECT_TRUE(names_in(store->paths().temporary()).empty());
}

TEST_F(StoreTest, KeepsTheFilesOfAWriterThatIsAtWork) {
  auto store = open();
  auto other = open();
  Context with = context();
  ASSERT_OK_AND_ASSIGN(Writer writer, Writer::open(*other, test::raw_codec(), with));
  ASSERT_OK_AND_ASSIGN(Id id, writer.put_blob(random_bytes(3u << 20, 1)));
  auto before = names_in(store->paths().temporary());
  ASSERT_FALSE(before.empty());
  {
    ASSERT_OK_AND_ASSIGN(os::FileLock second, store->lock_for_writing());
    EXPECT_EQ(names_in(store->paths().temporary()), before);
  }
  ASSERT_OK(writer.commit());
  EXPECT_EQ(*get(*store, id), random_bytes(3u << 20, 1));
}

TEST_F(StoreTest, SeesWhatAnotherProcessStored) {
  auto reader = open();
  Id id = put(*open(), random_bytes(100, 1));
  EXPECT_FALSE(reader->has({Family::blob, id, 100})) << "the index as last loaded";
  ASSERT_OK_AND_ASSIGN(Location location, reader->locate({EntryKind::data, id}));
  EXPECT_EQ(location.place.size, 100u);
  EXPECT_TRUE(reader->has({Family::blob, id, 100}));
}

TEST_F(StoreTest, SaysWhichIdIsNotThere) {
  Id id = codec::hash(as_bytes("nothing"));
  auto found = open()->locate({EntryKind::data, id});
  EXPECT_THAT(found, FailsWith(Code::not_found, id.text()));
  EXPECT_EQ(found.error().hint(), "cairn pull");
}

TEST_F(StoreTest, OpensManyPacksWithFewDescriptors) {
  auto store = open();
  std::vector<Id> packs;
  for (std::uint64_t i = 0; i < 70; ++i) {
    Buffer block = random_bytes(100, i);
    PackWriter writer(store->paths().temporary());
    PackEntry entry{{EntryKind::data, codec::hash(block)}, {0, 100, 100, 0, 100, codec::Codec::raw}, 0};
    ASSERT_OK(writer.append(block, {entry}));
    ASSERT_OK_AND_ASSIGN(auto finished, writer.finish());
    packs.push_back(finished[0].table.id);
    ASSERT_OK(store->publish(std::move(finished)));
  }
  auto open_files = [] { return names_in("/proc/self/fd").size(); };
  std::size_t before = open_files();
  for (const Id& pack : packs) {
    ASSERT_OK(store->open_pack(pack));
  }
  EXPECT_EQ(open_files(), before + 64);
}

TEST_F(StoreTest, PublishesNothingWhenThereIsNothing) {
  auto store = open();
  ASSERT_OK(store->publish({}));
  EXPECT_TRUE(segments_of(*store).empty());
}

TEST_F(StoreTest, CanBeWrittenByAnOrdinaryUser) {
  test::OrdinaryUser user(dir_.path());
  auto store = open();
  Id id = put(*store, random_bytes(100, 1));
  EXPECT_OK(get(*store, id));
  put(*store, random_bytes(100, 2));
  EXPECT_EQ(packs_of(*store).size(), 2u);
}

TEST_F(StoreTest, CanBeReadWhereNothingCanBeWritten) {
  Id id = put(*open(), random_bytes(100, 1));
  test::OrdinaryUser user(dir_.path());
  auto store = open();
  EXPECT_OK(get(*store, id));
  Context with = context();
  if (::access(store->paths().temporary().c_str(), W_OK) != 0 || geteuid() == 65534) {
    EXPECT_THAT(Writer::open(*store, test::raw_codec(), with), FailsWith(Code::permission, "store"));
  }
}

TEST_F(StoreTest, IsAnErrorWhereItsPacksCannotBeListed) {
  test::OrdinaryUser user(dir_.path());
  auto store = open();
  std::filesystem::permissions(store->paths().packs(), std::filesystem::perms::none);
  EXPECT_THAT(Store::open(dir_ / "store"), FailsWith(Code::permission, "packs")) << "error is not absence";
  std::filesystem::permissions(store->paths().packs(), std::filesystem::perms::owner_all);
}

TEST_F(StoreTest, MakesFoldersOfDerivedFilesAnew) {
  Id id = put(*open(), random_bytes(100, 1));
  std::filesystem::remove_all(dir_ / "store/index");
  std::filesystem::remove_all(dir_ / "store/tmp");
  EXPECT_OK(get(*open(), id));
  put(*open(), random_bytes(100, 2));
}

TEST_F(StoreTest, MendsADamagedSegmentWhenItIsOpened) {
  Id one = put(*open(), random_bytes(100, 1));
  Id two = put(*open(), random_bytes(100, 2));
  test::write_text(segments_of(*open()).front(), "x");
  auto store = open();
  EXPECT_OK(get(*store, one));
  EXPECT_OK(get(*store, two));
  for (const Segment& segment : store->index()->segments()) {
    EXPECT_OK(segment.verify());
  }
}

TEST_F(StoreTest, AddsPacksThatNoSegmentNames) {
  // A writer died between the pack's rename and its segment.
  Id id = put(*open(), random_bytes(100, 1));
  std::filesystem::remove(segments_of(*open()).front());
  EXPECT_OK(get(*open(), id));
  EXPECT_EQ(segments_of(*open()).size(), 1u) << "once, not at every opening";
}

TEST_F(StoreTest, ServesTheOtherPacksBesideADamagedOne) {
  auto store = open();
  Id id = put(*store, random_bytes(100, 1));
  test::write_text(store->paths().packs() + "/" + std::string(64, '0') + ".pack", "short");
  EXPECT_OK(get(*open(), id));
}

}  // namespace
}  // namespace cairn::store
