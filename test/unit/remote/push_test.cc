// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "remote/layout.h"
#include "unit/remote/transfer_fixture.h"

namespace cairn::remote {
namespace {

namespace fs = std::filesystem;
using cairn::test::FailsWith;
using cairn::test::random_bytes;
using cairn::test::text_bytes;

class PushTest : public test::TransferFixture {
 protected:
  static std::map<std::string, Buffer> small_files(std::uint64_t count, std::uint64_t seed) {
    std::map<std::string, Buffer> files;
    for (std::uint64_t i = 0; i < count; ++i) {
      files["f" + std::to_string(i)] = text_bytes(i * 37 % 9000, seed + i);
    }
    return files;
  }
};

TEST_F(PushTest, SendsAWholePackAsItIs) {
  auto store = open("a");
  Root root = put_tree(*store, "data", small_files(300, 1));
  ASSERT_OK_AND_ASSIGN(PushReport report, push(*store, {root}));
  EXPECT_EQ(report.objects, 301u);
  EXPECT_EQ(report.already_there, 0u);
  EXPECT_EQ(remote_names("packs"), test::names_in(store->paths().packs()));
  EXPECT_EQ(report.packs, remote_names("packs").size());
  EXPECT_EQ(remote_names("indexes").size(), 1u);
  std::uint64_t bytes = 0;
  for (const std::string& name : remote_names("packs")) {
    bytes += fs::file_size(remote_ + "/packs/" + name);
  }
  EXPECT_EQ(report.bytes, bytes);
  EXPECT_EQ(progress_.bytes_done, bytes);
  expect_fetchable({root});
}

TEST_F(PushTest, TellsWhatOfEachPathWasSent) {
  auto store = open("a");
  const Buffer shared = random_bytes(1'000, 1);
  const Root one = put_tree(*store, "one", {{"a", shared}, {"b", random_bytes(2'000, 2)}});
  const Root two = put_tree(*store, "two", {{"a", shared}, {"c", random_bytes(4'000, 3)}});
  Buffer content = random_bytes(3'000'000, 4);
  const Root large = put_root(*store, "large", content);
  ASSERT_OK_AND_ASSIGN(const PushReport first, push(*store, {one, two, large}));
  EXPECT_EQ(first.paths,
            (std::vector<PathShare>{{"one", 2, 3'000}, {"two", 1, 4'000}, {"large", 1, 3'000'000}}));

  append(content, random_bytes(100'000, 5));
  const Root larger = put_root(*store, "large", content);
  ASSERT_OK_AND_ASSIGN(const PushReport second, push(*store, {one, larger, two}));
  ASSERT_EQ(second.paths.size(), 1u);
  EXPECT_EQ(second.paths[0].path, "large");
  EXPECT_EQ(second.paths[0].files, 1u);
  EXPECT_GE(second.paths[0].bytes, 100'000u);
  EXPECT_LT(second.paths[0].bytes, 1'000'000u);
  ASSERT_OK_AND_ASSIGN(const PushReport third, push(*store, {one, larger, two}));
  EXPECT_TRUE(third.paths.empty());
}

TEST_F(PushTest, SendsNothingTwice) {
  auto store = open("a");
  Root root = put_tree(*store, "data", small_files(50, 1));
  ASSERT_OK(push(*store, {root}));
  auto before = remote_names("indexes");
  ASSERT_OK_AND_ASSIGN(PushReport report, push(*store, {root}));
  EXPECT_EQ(report.objects, 0u);
  EXPECT_EQ(report.packs, 0u);
  EXPECT_EQ(report.already_there, 51u);
  EXPECT_EQ(remote_names("indexes"), before);
}

TEST_F(PushTest, SendsOnlyTheNeededPartOfAPack) {
  auto store = open("a");
  auto files = small_files(20, 1);
  for (int i = 0; i < 9; ++i) {
    files["large" + std::to_string(i)] = random_bytes(200'000, static_cast<std::uint64_t>(i));
  }
  put_tree(*store, "all", files);
  Root one{{store::Family::blob, codec::hash(files["large3"]), 200'000}, "large3"};
  ASSERT_OK_AND_ASSIGN(PushReport report, push(*store, {one}));
  EXPECT_LT(report.bytes, 300'000u);
  EXPECT_GE(report.bytes, 200'000u);
  expect_fetchable({one});
}

TEST_F(PushTest, SendsWhatIsNewAfterAChange) {
  auto store = open("a");
  Buffer large = random_bytes(3u << 20, 1);
  Root first = put_root(*store, "large", large);
  ASSERT_OK(push(*store, {first}));
  large[2'000'000] ^= 1;
  Root second = put_root(*store, "large", large);
  ASSERT_OK_AND_ASSIGN(PushReport report, push(*store, {second}));
  EXPECT_GT(report.already_there, 5u);
  EXPECT_LT(report.bytes, 600'000u);
  expect_fetchable({first, second});
}

TEST_F(PushTest, DoesNotSendAgainWhatAKilledPushLeft) {
  auto store = open("a");
  Root root = put_tree(*store, "data", small_files(50, 1));
  ASSERT_OK(push(*store, {root}));
  fs::remove_all(remote_ + "/indexes");
  ASSERT_OK_AND_ASSIGN(PushReport report, push(*store, {root}));
  EXPECT_EQ(report.packs, 0u);
  EXPECT_GT(report.objects, 0u);
  expect_fetchable({root});
}

TEST_F(PushTest, ReplacesAPackThatWasCutShort) {
  auto store = open("a");
  Root root = put_tree(*store, "data", small_files(50, 1));
  ASSERT_OK(push(*store, {root}));
  for (const std::string& name : remote_names("packs")) {
    std::string path = remote_ + "/packs/" + name;
    Buffer bytes = test::read_bytes(path);
    overwrite(path, Bytes(bytes).first(60));
  }
  ASSERT_OK(push(*store, {root}));
  EXPECT_FALSE(log_.warnings.empty());
  expect_fetchable({root});
}

TEST_F(PushTest, PublishesNothingFromADamagedPack) {
  auto store = open("a");
  Root root = put_root(*store, "data", random_bytes(500'000, 1));
  std::string path = packs_of(*store).front();
  Buffer bytes = test::read_bytes(path);
  bytes[100'000] ^= 1;
  overwrite(path, bytes);
  EXPECT_THAT(push(*store, {root}), FailsWith(Code::corrupt, path));
  EXPECT_TRUE(remote_names("packs").empty());
  EXPECT_TRUE(remote_names("indexes").empty());
}

TEST_F(PushTest, RegroupsNothingFromADamagedPack) {
  auto store = open("a");
  std::map<std::string, Buffer> files;
  for (std::uint64_t i = 0; i < 9; ++i) {
    files["f" + std::to_string(i)] = random_bytes(100'000, i);
  }
  put_tree(*store, "all", files);
  Root one{{store::Family::blob, codec::hash(files["f4"]), 100'000}, "f4"};
  std::string pack;
  for (const std::string& path : packs_of(*store)) {
    if (fs::file_size(path) > 500'000) {
      pack = path;
    }
  }
  Buffer bytes = test::read_bytes(pack);
  for (std::size_t i = 20; i < 900'000; i += 1000) {
    bytes[i] ^= 1;
  }
  overwrite(pack, bytes);
  EXPECT_THAT(push(*store, {one}), FailsWith(Code::corrupt, pack));
  EXPECT_TRUE(remote_names("packs").empty());
}

TEST_F(PushTest, NamesThePathsOfWhatIsNowhere) {
  auto store = open("a");
  Root here = put_root(*store, "here", text_bytes(1000, 1));
  Root gone{{store::Family::blob, codec::hash(as_bytes("gone")), 4}, "data/gone.csv"};
  store::Tree tree{{{"x", store::TreeKind::file, codec::hash(as_bytes("x")), 1, 0, ""}}};
  Root partly{{store::Family::tree, put(*store, tree), 1}, "data/folder"};
  auto pushed = push(*store, {here, gone, partly});
  EXPECT_THAT(pushed, FailsWith(Code::not_found, "'data/gone.csv'"));
  EXPECT_THAT(pushed, FailsWith(Code::not_found, "'data/folder'"));
  EXPECT_EQ(pushed.error().message().find("'here'"), std::string::npos);
  EXPECT_TRUE(remote_names("packs").empty());
}

TEST_F(PushTest, IsContentWithWhatOnlyTheRemoteHas) {
  auto full = open("full");
  Root tree = put_tree(*full, "data", small_files(30, 1));
  Root large = put_root(*full, "large", random_bytes(4u << 20, 5));
  ASSERT_OK(push(*full, {tree, large}));
  auto empty = open("empty");
  ASSERT_OK_AND_ASSIGN(PushReport report, push_commit(*empty, {tree, large}, "c0ffee"));
  EXPECT_EQ(report.packs, 0u);
  EXPECT_GT(report.already_there, 31u);
  EXPECT_EQ(report.commits, 1u);
}

TEST_F(PushTest, SeesThroughTheRemotesTreesWhatIsMissingThere) {
  auto full = open("full");
  Root tree = put_tree(*full, "data", {{"a", random_bytes(100'000, 1)}, {"b", random_bytes(100'000, 2)}});
  ASSERT_OK(push(*full, {tree}));
  for (const std::string& name : remote_names("packs")) {
    if (fs::file_size(remote_ + "/packs/" + name) > 100'000) {
      fs::remove(remote_ + "/packs/" + name);
    }
  }
  auto empty = open("empty");
  EXPECT_THAT(push(*empty, {tree}), FailsWith(Code::not_found, "'data'"));
  ASSERT_OK(push(*full, {tree}));
  EXPECT_OK(push(*empty, {tree}));
}

TEST_F(PushTest, WritesTheRootsOfACommitOnce) {
  auto store = open("a");
  Root root = put_root(*store, "data", text_bytes(1000, 1));
  ASSERT_OK_AND_ASSIGN(PushReport report, push_commit(*store, {root}, "c0ffee"));
  EXPECT_EQ(report.commits, 1u);
  EXPECT_EQ(test::read_text(remote_ + "/roots/0123456789abcdef/c0ffee"),
            encode_roots(std::vector{root.object}));
  ASSERT_OK_AND_ASSIGN(PushReport again, push_commit(*store, {root}, "c0ffee"));
  EXPECT_EQ(again.commits, 0u);
}

TEST_F(PushTest, MergesIndexesOnceThereAreMany) {
  auto store = open("a");
  std::vector<Root> roots;
  for (std::uint64_t i = 0; i < 33; ++i) {
    roots.push_back(put_root(*store, "f" + std::to_string(i), random_bytes(3000, i)));
    ASSERT_OK(push(*store, {roots.back()}));
    EXPECT_EQ(remote_names("indexes").size(), i < 32 ? i + 1 : 1u);
  }
  auto listed = decode_index_list(test::read_text(remote_ + "/index-list"));
  ASSERT_OK(listed);
  EXPECT_EQ(listed->size(), 1u);
  expect_fetchable(roots);
}

TEST_F(PushTest, MergesIndexesOfOthersToo) {
  auto a = open("a");
  auto b = open("b");
  std::vector<Root> roots;
  for (std::uint64_t i = 0; i < 33; ++i) {
    store::Store& store = i % 2 == 0 ? *a : *b;
    roots.push_back(put_root(store, "f" + std::to_string(i), random_bytes(3000, i)));
    ASSERT_OK(push(store, {roots.back()}));
  }
  EXPECT_EQ(remote_names("indexes").size(), 1u);
  expect_fetchable(roots);
}

TEST_F(PushTest, SendsAgainWhatADamagedIndexNamed) {
  auto store = open("a");
  Root root = put_root(*store, "data", text_bytes(1000, 1));
  ASSERT_OK(push(*store, {root}));
  std::string index = remote_ + "/indexes/" + remote_names("indexes").front();
  Buffer bytes = test::read_bytes(index);
  bytes.back() ^= 1;
  overwrite(index, bytes);
  auto other = open("b");
  put_root(*other, "data", text_bytes(1000, 1));
  ASSERT_OK(push(*other, {root}));
  EXPECT_FALSE(log_.warnings.empty());
  EXPECT_EQ(remote_names("indexes").size(), 1u);  // the same index, whole again
}

TEST_F(PushTest, StopsWhenAsked) {
  auto store = open("a");
  Root root = put_root(*store, "data", text_bytes(1000, 1));
  ASSERT_OK(push(*store, {root}));
  stop_ = true;
  EXPECT_THAT(push(*store, {put_root(*store, "x", text_bytes(10, 2))}), FailsWith(Code::interrupted, ""));
}

}  // namespace
}  // namespace cairn::remote
