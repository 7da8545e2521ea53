// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <set>

#include "os/file.h"
#include "store/verify.h"
#include "support/store_fixture.h"

namespace cairn::store {
namespace {

using cairn::test::FailsWith;
using cairn::test::random_bytes;
using cairn::test::raw_codec;
using cairn::test::text_bytes;

/// Sizes at which the way of reading or cutting changes.
constexpr std::size_t kSizes[] = {
    0, 1, 16384, 16385, 65536, 262144, (1u << 20) - 1, 1u << 20, (1u << 20) + 1, 3u << 20};

class IngestTest : public test::StoreFixture {
 protected:
  /// Stores what stands under these names in `root`, and commits.
  std::vector<FileTask> store_paths(Store& store, const std::vector<std::string>& names, unsigned jobs = 1) {
    std::vector<FileTask> tasks;
    for (const std::string& name : names) {
      tasks.emplace_back().path = name;
    }
    auto root = os::Root::open(dir_ / "in");
    EXPECT_OK(root);
    Context with = context(jobs);
    auto writer = Writer::open(store, raw_codec(), with);
    EXPECT_OK(writer);
    EXPECT_OK(writer->put_files(*root, tasks));
    EXPECT_OK(writer->commit());
    return tasks;
  }
};

TEST_F(IngestTest, GivesTheSameIdsWithAnyNumberOfWorkers) {
  std::map<std::string, Buffer> files;
  for (std::size_t size : kSizes) {
    files["random-" + std::to_string(size)] = random_bytes(size, size + 1);
    files["text-" + std::to_string(size)] = text_bytes(size, size + 1);
  }
  for (std::uint64_t i = 0; i < 100; ++i) {
    files["small-" + std::to_string(i)] = text_bytes(i * 37, i);
  }
  for (unsigned jobs : {1u, 2u, 8u}) {
    auto store = open("store-" + std::to_string(jobs));
    auto tasks = put_files(*store, "in", files, jobs, {});
    for (const FileTask& task : tasks) {
      ASSERT_FALSE(task.error.has_value()) << task.error->message();
      EXPECT_EQ(task.id, codec::hash(files[task.path])) << task.path << " with " << jobs;
      EXPECT_EQ(task.stat.size, files[task.path].size());
      ASSERT_OK_AND_ASSIGN(Buffer back, get(*store, task.id));
      EXPECT_TRUE(back == files[task.path]) << task.path << " with " << jobs;
    }
    ASSERT_OK_AND_ASSIGN(VerifyReport report, verify_store(*store, VerifyDepth::data, context(2)));
    EXPECT_TRUE(report.damage.empty());
  }
}

TEST_F(IngestTest, StoresALargeFileByAllWorkersTogether) {
  for (bool random : {true, false}) {
    std::size_t size = (70u << 20) + 12345;
    Buffer bytes = random ? random_bytes(size, 1) : text_bytes(size, 1);
    std::set<std::vector<std::string>> chunk_lists;
    for (unsigned jobs : {1u, 2u, 8u}) {
      auto store = open(std::to_string(random) + std::to_string(jobs));
      auto tasks = put_files(*store, "in", {{"large", bytes}}, jobs, {});
      EXPECT_EQ(tasks[0].id, codec::hash(bytes)) << jobs;
      Reader reader(*store);
      ASSERT_OK_AND_ASSIGN(auto pieces, reader.read_pieces(Family::blob, tasks[0].id));
      std::vector<std::string> ids;
      for (const Piece& piece : pieces) {
        ids.push_back(piece.id.hex());
      }
      chunk_lists.insert(ids);
      ASSERT_OK_AND_ASSIGN(Buffer back, get(*store, tasks[0].id));
      EXPECT_TRUE(back == bytes) << jobs;
    }
    EXPECT_EQ(chunk_lists.size(), 1u) << "the same chunks with any number of workers";
  }
}

TEST_F(IngestTest, CutsAFileAsItCutsMemory) {
  Buffer bytes = text_bytes(5u << 20, 1);
  auto store = open();
  Id id = put(*store, bytes);
  auto packs = packs_of(*store);
  put_files(*store, "in", {{"f", bytes}}, 2);
  EXPECT_EQ(packs_of(*store), packs);
  EXPECT_TRUE(store->has({Family::blob, id, bytes.size()}));
}

TEST_F(IngestTest, StoresAFileOnce) {
  auto store = open();
  std::map<std::string, Buffer> files{{"a", random_bytes(3u << 20, 1)}, {"b", text_bytes(100, 1)}, {"c", {}}};
  put_files(*store, "in", files, 2);
  auto packs = packs_of(*store);
  put_files(*store, "in", files, 2);
  EXPECT_EQ(packs_of(*store), packs);
}

TEST_F(IngestTest, StoresAChunkOfManyFilesOnce) {
  auto store = open();
  std::map<std::string, Buffer> files;
  Buffer same = random_bytes(700000, 1);
  for (int i = 0; i < 200; ++i) {
    files["f" + std::to_string(i)] = same;
  }
  put_files(*store, "in", files, 8);
  ASSERT_OK_AND_ASSIGN(PackTable table, read_pack_table(packs_of(*store).front()));
  std::set<Key> keys;
  for (const PackEntry& entry : table.entries) {
    EXPECT_TRUE(keys.insert(entry.key).second) << entry.key.id.text();
  }
  EXPECT_LT(table.blocks_end, 750000u);
}

TEST_F(IngestTest, CountsBytesAndFiles) {
  put_files(*open(), "in", {{"a", random_bytes(100, 1)}, {"b", random_bytes(3u << 20, 1)}}, 2);
  EXPECT_EQ(progress_.bytes_done, 100u + (3u << 20));
  EXPECT_EQ(progress_.items_done, 2u);
}

TEST_F(IngestTest, NamesWhatIsNoFileAndStoresTheOthers) {
  auto store = open();
  test::write_text(dir_ / "in/good", "content");
  test::write_text(dir_ / "in/folder/inner", "x");
  ASSERT_EQ(mkfifo((dir_ / "in/fifo").c_str(), 0600), 0);
  std::filesystem::create_symlink("good", dir_ / "in/link");
  std::filesystem::create_symlink("folder", dir_ / "in/way");
  for (unsigned jobs : {1u, 2u}) {
    auto tasks =
        store_paths(*store, {"fifo", "folder", "link", "missing", "way/inner", "good", "../out"}, jobs);
    for (std::size_t i : {0u, 1u, 2u, 3u, 4u, 6u}) {
      EXPECT_TRUE(tasks[i].error.has_value()) << tasks[i].path;
    }
    EXPECT_EQ(tasks[0].error->code(), Code::conflict);
    EXPECT_EQ(tasks[1].error->code(), Code::conflict);
    EXPECT_EQ(tasks[2].error->code(), Code::conflict);
    EXPECT_EQ(tasks[3].error->code(), Code::not_found);
    EXPECT_EQ(tasks[4].error->code(), Code::conflict);
    EXPECT_FALSE(tasks[5].error.has_value());
    EXPECT_EQ(as_text(*get(*store, tasks[5].id)), "content");
  }
}

TEST_F(IngestTest, NamesAFileThatMayNotBeRead) {
  test::write_text(dir_ / "in/secret", "x");
  test::write_text(dir_ / "in/good", "y");
  std::filesystem::permissions(dir_ / "in/secret", std::filesystem::perms::none);
  test::OrdinaryUser user(dir_.path());
  auto store = open();
  auto tasks = store_paths(*store, {"secret", "good"});
  ASSERT_TRUE(tasks[0].error.has_value());
  EXPECT_EQ(tasks[0].error->code(), Code::permission);
  EXPECT_THAT(tasks[0].error->message(), ::testing::HasSubstr("secret"));
  EXPECT_OK(get(*store, tasks[1].id));
}

TEST_F(IngestTest, StoresAFileThatGrewSinceItWasListed) {
  auto store = open();
  test::write_bytes(dir_ / "in/f", random_bytes(2u << 20, 1));
  std::vector<FileTask> tasks(1);
  tasks[0].path = "f";
  tasks[0].stat.size = 1;
  ASSERT_OK_AND_ASSIGN(os::Root root, os::Root::open(dir_ / "in"));
  Context with = context(2);
  ASSERT_OK_AND_ASSIGN(Writer writer, Writer::open(*store, raw_codec(), with));
  ASSERT_OK(writer.put_files(root, tasks));
  EXPECT_EQ(tasks[0].id, codec::hash(random_bytes(2u << 20, 1)));
  EXPECT_EQ(tasks[0].stat.size, 2u << 20);
}

TEST_F(IngestTest, StopsWhenAsked) {
  auto store = open();
  test::write_bytes(dir_ / "in/f", random_bytes(100, 1));
  std::vector<FileTask> tasks(1);
  tasks[0].path = "f";
  ASSERT_OK_AND_ASSIGN(os::Root root, os::Root::open(dir_ / "in"));
  Context with = context(2);
  ASSERT_OK_AND_ASSIGN(Writer writer, Writer::open(*store, raw_codec(), with));
  stop_ = true;
  EXPECT_THAT(writer.put_files(root, tasks), FailsWith(Code::interrupted, ""));
}

TEST_F(IngestTest, StoresASparseFile) {
  test::write_text(dir_ / "in/sparse", "");
  std::filesystem::resize_file(dir_ / "in/sparse", 100u << 20);
  auto store = open();
  auto tasks = store_paths(*store, {"sparse"}, 2);
  EXPECT_EQ(tasks[0].id, codec::hash(Buffer(100u << 20)));
  EXPECT_LT(test::read_bytes(packs_of(*store).front()).size(), 1u << 20);
}

TEST_F(IngestTest, EndsWithTheStoresErrorAndCommitsNothing) {
  auto store = open();
  test::write_bytes(dir_ / "in/f", random_bytes(20u << 20, 1));
  std::vector<FileTask> tasks(1);
  tasks[0].path = "f";
  ASSERT_OK_AND_ASSIGN(os::Root root, os::Root::open(dir_ / "in"));
  Context with = context(2);
  ASSERT_OK_AND_ASSIGN(Writer writer, Writer::open(*store, raw_codec(), with));
  {
    test::FileSizeLimit limit(4u << 20);
    EXPECT_FALSE(writer.put_files(root, tasks).ok()) << "never counted as the file's own trouble";
  }
  EXPECT_FALSE(writer.commit().ok());
  EXPECT_TRUE(packs_of(*store).empty());
}

}  // namespace
}  // namespace cairn::store
