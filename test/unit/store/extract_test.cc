// SPDX-License-Identifier: Apache-2.0
#include "store/extract.h"

#include <algorithm>

#include "os/file.h"
#include "support/store_fixture.h"

namespace cairn::store {
namespace {

using cairn::test::FailsWith;
using cairn::test::FolderTarget;
using cairn::test::names_in;
using cairn::test::random_bytes;
using cairn::test::text_bytes;

class ExtractTest : public test::StoreFixture {
 protected:
  static ExtractTask task(const Id& id, std::uint64_t size) { return {id, size, {}}; }

  /// Changes one stored byte of a blob's chunk that is `at` bytes into the blob.
  void damage(Store& store, const Id& id, std::uint64_t at) {
    Reader reader(store);
    auto pieces = reader.read_pieces(Family::blob, id);
    ASSERT_OK(pieces);
    auto piece = pieces->begin();
    while (at >= piece->size) {
      at -= piece->size;
      ++piece;
    }
    auto location = store.locate({EntryKind::data, piece->id});
    ASSERT_OK(location);
    std::string path = store.paths().pack(location->pack);
    Buffer bytes = test::read_bytes(path);
    bytes[location->place.offset + location->place.stored_size / 2] ^= 1;
    ASSERT_OK(os::remove_file(path));
    test::write_bytes(path, bytes);
  }
};

TEST_F(ExtractTest, WritesEveryFileByteForByte) {
  std::map<std::string, Buffer> files;
  for (std::size_t size :
       {0u, 1u, 16384u, 16385u, 65536u, (1u << 20) - 1, 1u << 20, (1u << 20) + 1, 3u << 20}) {
    files["r" + std::to_string(size)] = random_bytes(size, size + 1);
    files["t" + std::to_string(size)] = text_bytes(size, size + 1);
  }
  for (std::uint64_t i = 0; i < 300; ++i) {
    files["s" + std::to_string(i)] = text_bytes(i * 41, i);
  }
  files["large"] = text_bytes(20u << 20, 7);
  auto store = open();
  auto stored = put_files(*store, "in", files, 2, {});
  for (unsigned jobs : {1u, 2u, 8u}) {
    std::vector<ExtractTask> tasks;
    for (const FileTask& file : stored) {
      tasks.push_back(task(file.id, file.stat.size));
    }
    FolderTarget target(dir_ / ("out" + std::to_string(jobs)));
    ASSERT_OK(extract_files(*store, tasks, target, context(jobs)));
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      ASSERT_FALSE(tasks[i].error.has_value()) << tasks[i].error->message();
      EXPECT_TRUE(test::read_bytes(target.path(i)) == files[stored[i].path]) << stored[i].path << " " << jobs;
    }
    EXPECT_EQ(target.discarded, 0);
  }
}

TEST_F(ExtractTest, CountsBytesAndFiles) {
  auto store = open();
  auto stored = put_files(*store, "in", {{"a", random_bytes(100, 1)}, {"b", random_bytes(3u << 20, 1)}});
  progress_.start("extracting", 0, 0);
  std::vector<ExtractTask> tasks{task(stored[0].id, 100), task(stored[1].id, 3u << 20)};
  FolderTarget target(dir_ / "out");
  ASSERT_OK(extract_files(*store, tasks, target, context(2)));
  EXPECT_EQ(progress_.bytes_done, 100u + (3u << 20));
  EXPECT_EQ(progress_.items_done, 2u);
}

TEST_F(ExtractTest, FailsADamagedFileAlone) {
  for (std::size_t size : {std::size_t{200}, std::size_t{50000}, std::size_t{900000}, std::size_t{6} << 20}) {
    for (unsigned jobs : {1u, 4u}) {
      auto store = open("store-" + std::to_string(size) + "-" + std::to_string(jobs));
      Id first = put(*store, random_bytes(size, 1));
      Id second = put(*store, random_bytes(size, 2));
      Id third = put(*store, random_bytes(size, 3));
      damage(*store, second, size / 2);
      auto fresh = open("store-" + std::to_string(size) + "-" + std::to_string(jobs));
      std::vector<ExtractTask> tasks{task(first, size), task(second, size), task(third, size)};
      FolderTarget target(dir_ / ("out-" + std::to_string(size) + "-" + std::to_string(jobs)));
      ASSERT_OK(extract_files(*fresh, tasks, target, context(jobs)));
      EXPECT_FALSE(tasks[0].error.has_value());
      ASSERT_TRUE(tasks[1].error.has_value());
      EXPECT_EQ(tasks[1].error->code(), Code::corrupt);
      EXPECT_FALSE(tasks[2].error.has_value());
      EXPECT_EQ(names_in(dir_ / ("out-" + std::to_string(size) + "-" + std::to_string(jobs))),
                (std::vector<std::string>{"0", "2"}));
      EXPECT_EQ(target.discarded, size > (1u << 20) ? 1 : 0) << "discarded only when it was made";
    }
  }
}

TEST_F(ExtractTest, NamesABlobThatIsNotThere) {
  auto store = open();
  Id id = put(*store, as_bytes("x"));
  Id gone = codec::hash(as_bytes("gone"));
  std::vector<ExtractTask> tasks{task(gone, 4), task(gone, 4u << 20), task(id, 1)};
  FolderTarget target(dir_ / "out");
  ASSERT_OK(extract_files(*store, tasks, target, context(2)));
  for (std::size_t i : {0u, 1u}) {
    ASSERT_TRUE(tasks[i].error.has_value());
    EXPECT_EQ(tasks[i].error->code(), Code::not_found);
  }
  EXPECT_EQ(names_in(dir_ / "out"), (std::vector<std::string>{"2"}));
}

TEST_F(ExtractTest, RefusesABlobOfAnotherSizeThanAskedFor) {
  auto store = open();
  Id small = put(*store, random_bytes(100, 1));
  Id large = put(*store, random_bytes(2u << 20, 1));
  std::vector<ExtractTask> tasks{task(small, 101), task(small, 3u << 20), task(large, 100),
                                 task(large, (2u << 20) + 1)};
  FolderTarget target(dir_ / "out");
  ASSERT_OK(extract_files(*store, tasks, target, context(2)));
  for (const ExtractTask& each : tasks) {
    EXPECT_TRUE(each.error.has_value()) << each.size;
  }
  EXPECT_TRUE(names_in(dir_ / "out").empty());
}

TEST_F(ExtractTest, DiscardsWhatCannotBePublished) {
  auto store = open();
  Id small = put(*store, random_bytes(100, 1));
  Id large = put(*store, random_bytes(3u << 20, 1));
  std::vector<ExtractTask> tasks{task(small, 100), task(large, 3u << 20)};
  FolderTarget target(dir_ / "out");
  target.before_publish = [](std::size_t) -> Status { return Error(Code::conflict, "in the way"); };
  ASSERT_OK(extract_files(*store, tasks, target, context(2)));
  for (const ExtractTask& each : tasks) {
    ASSERT_TRUE(each.error.has_value());
    EXPECT_EQ(each.error->message(), "in the way");
  }
  EXPECT_EQ(target.discarded, 2);
  EXPECT_TRUE(names_in(dir_ / "out").empty());
}

TEST_F(ExtractTest, EndsWhenTheDiskIsFull) {
  auto store = open();
  Id id = put(*store, random_bytes(100, 1));
  std::vector<ExtractTask> tasks{task(id, 100)};
  FolderTarget target(dir_ / "out");
  target.before_publish = [](std::size_t) -> Status { return Error(Code::no_space, "disk full"); };
  EXPECT_THAT(extract_files(*store, tasks, target, context(2)), FailsWith(Code::no_space, "disk full"));
  EXPECT_EQ(target.discarded, 1);
}

TEST_F(ExtractTest, StopsWhenAskedAndLeavesNothing) {
  auto store = open();
  Id small = put(*store, random_bytes(100, 1));
  Id large = put(*store, random_bytes(3u << 20, 1));
  stop_ = true;
  for (std::uint64_t size : {std::uint64_t{100}, std::uint64_t{3u << 20}}) {
    std::vector<ExtractTask> tasks{task(size == 100 ? small : large, size)};
    FolderTarget target(dir_ / "out");
    EXPECT_THAT(extract_files(*store, tasks, target, context(2)), FailsWith(Code::interrupted, ""));
    EXPECT_TRUE(names_in(dir_ / "out").empty());
  }
}

TEST_F(ExtractTest, DoesNothingForNothing) {
  auto store = open();
  FolderTarget target(dir_ / "out");
  EXPECT_OK(extract_files(*store, {}, target, context(2)));
}

}  // namespace
}  // namespace cairn::store
