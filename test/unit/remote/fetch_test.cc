// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "remote/layout.h"
#include "store/verify.h"
#include "unit/remote/transfer_fixture.h"

namespace cairn::remote {
namespace {

namespace fs = std::filesystem;
using cairn::test::FailsWith;
using cairn::test::random_bytes;
using cairn::test::text_bytes;

class FetchTest : public test::TransferFixture {
 protected:
  /// A blob of many chunks, in a pack of its own on the remote.
  Root push_large(std::size_t size) {
    auto store = open("source");
    Root root = put_root(*store, "large", random_bytes(size, 1));
    EXPECT_OK(push(*store, {root}));
    return root;
  }
  [[nodiscard]] std::string largest_pack() const {
    std::string largest;
    std::uint64_t size = 0;
    for (const std::string& name : remote_names("packs")) {
      std::string path = remote_ + "/packs/" + name;
      if (fs::file_size(path) > size) {
        size = fs::file_size(path);
        largest = path;
      }
    }
    return largest;
  }
  void expect_empty(store::Store& store) {
    ASSERT_OK(store.reload());
    EXPECT_EQ(store.index()->entry_count(), 0u);
    EXPECT_TRUE(packs_of(store).empty());
    EXPECT_TRUE(test::names_in(store.paths().temporary()).empty());
  }
  void expect_sound(store::Store& store) {
    ASSERT_OK_AND_ASSIGN(auto report, store::verify_store(store, store::VerifyDepth::data, context()));
    for (const store::Damage& damage : report.damage) {
      ADD_FAILURE() << damage.message;
    }
  }
};

TEST_F(FetchTest, TellsWhatOfEachPathWasBrought) {
  auto source = open("source");
  const Root one = put_tree(*source, "one", {{"a", random_bytes(1'000, 1)}, {"b", random_bytes(2'000, 2)}});
  const Root large = put_root(*source, "large", random_bytes(3'000'000, 3));
  ASSERT_OK(push(*source, {one, large}));
  auto store = open("b");
  ASSERT_OK_AND_ASSIGN(const FetchReport first, fetch(*store, {one}));
  EXPECT_EQ(first.paths, (std::vector<PathShare>{{"one", 2, 3'000}}));
  ASSERT_OK_AND_ASSIGN(const FetchReport second, fetch(*store, {one, large}));
  EXPECT_EQ(second.paths, (std::vector<PathShare>{{"large", 1, 3'000'000}}));
}

TEST_F(FetchTest, FetchesAWholePackInOneGo) {
  Root root = push_large(3u << 20);
  auto store = open("b");
  ASSERT_OK_AND_ASSIGN(FetchReport report, fetch(*store, {root}));
  EXPECT_EQ(report.packs, 1u);
  EXPECT_GT(report.objects, 10u);
  EXPECT_EQ(test::names_in(store->paths().packs()), remote_names("packs"));
  expect_whole(*store, root);
  expect_sound(*store);
}

TEST_F(FetchTest, FetchesNothingTwice) {
  Root root = push_large(1u << 20);
  auto store = open("b");
  ASSERT_OK(fetch(*store, {root}));
  ASSERT_OK_AND_ASSIGN(FetchReport report, fetch(*store, {root}));
  EXPECT_EQ(report.objects, 0u);
  EXPECT_EQ(report.bytes, 0u);
  EXPECT_GT(report.already_here, 5u);
}

TEST_F(FetchTest, FetchesOnlyTheNeededPartOfAPack) {
  auto source = open("source");
  std::map<std::string, Buffer> files;
  for (std::uint64_t i = 0; i < 10; ++i) {
    files["f" + std::to_string(i)] = random_bytes(150'000, i);
  }
  Root all = put_tree(*source, "all", files);
  ASSERT_OK(push(*source, {all}));
  Root one{{store::Family::blob, codec::hash(files["f7"]), 150'000}, "f7"};
  auto store = open("b");
  ASSERT_OK_AND_ASSIGN(FetchReport report, fetch(*store, {one}));
  EXPECT_EQ(report.packs, 0u);
  EXPECT_LT(report.bytes, 400'000u);
  expect_whole(*store, one);
  expect_sound(*store);
  ASSERT_OK(fetch(*store, {all}));
  expect_whole(*store, all);
  expect_sound(*store);
}

TEST_F(FetchTest, FollowsFoldersLevelByLevel) {
  auto source = open("source");
  Root inner = put_tree(*source, "inner", {{"a", text_bytes(5000, 1)}, {"empty", {}}});
  store::Tree outer{{{"inner", store::TreeKind::folder, inner.object.id, inner.object.size, 2, ""},
                     {"link", store::TreeKind::symlink, {}, 0, 0, "inner/a"}}};
  Root root{{store::Family::tree, put(*source, outer), inner.object.size}, "outer"};
  ASSERT_OK(push(*source, {root}));
  expect_fetchable({root});
}

TEST_F(FetchTest, FetchesATreeThatIsChunked) {
  auto source = open("source");
  store::Tree tree;
  store::Id same = put(*source, text_bytes(10, 1));
  for (int i = 10'000; i < 13'000; ++i) {
    tree.entries.push_back({"file-" + std::to_string(i), store::TreeKind::file, same, 10, 0, ""});
  }
  Root root{{store::Family::tree, put(*source, tree), tree.total_size()}, "many"};
  ASSERT_OK(push(*source, {root}));
  expect_fetchable({root});
}

TEST_F(FetchTest, FetchesARecipeWithNodes) {
  Root root = push_large(60u << 20);
  expect_fetchable({root});
}

TEST_F(FetchTest, GoesOnWhereAnotherFetchEnded) {
  auto source = open("source");
  std::vector<Root> roots;
  for (std::uint64_t i = 0; i < 6; ++i) {
    roots.push_back(put_root(*source, "f" + std::to_string(i), random_bytes(300'000, i)));
  }
  ASSERT_OK(push(*source, roots));
  auto store = open("b");
  ASSERT_OK(fetch(*store, {roots[0], roots[1]}));
  ASSERT_OK_AND_ASSIGN(FetchReport report, fetch(*store, roots));
  EXPECT_EQ(report.packs, 4u);
}

TEST_F(FetchTest, NamesThePathsOfWhatIsNowhere) {
  Root root = push_large(100'000);
  auto store = open("b");
  Root gone{{store::Family::blob, codec::hash(as_bytes("gone")), 4}, "data/gone.csv"};
  EXPECT_THAT(fetch(*store, {root, gone}), FailsWith(Code::not_found, "'data/gone.csv'"));
  expect_empty(*store);
}

TEST_F(FetchTest, TakesNothingFromAPackWithAWrongByte) {
  Root root = push_large(1u << 20);
  std::string path = largest_pack();
  Buffer good = test::read_bytes(path);
  for (std::size_t at = 0; at < good.size(); at += good.size() / 20) {
    Buffer bytes = good;
    bytes[at] ^= 0x10;
    overwrite(path, bytes);
    auto store = open("b" + std::to_string(at));
    auto fetched = fetch(*store, {root});
    EXPECT_THAT(fetched, FailsWith(Code::corrupt, fs::path(path).stem().string())) << at;
    expect_empty(*store);
  }
}

TEST_F(FetchTest, TakesNothingFromAPackThatWasCutShort) {
  Root root = push_large(1u << 20);
  std::string path = largest_pack();
  Buffer good = test::read_bytes(path);
  for (std::size_t size : {std::size_t{0}, std::size_t{63}, good.size() / 2, good.size() - 1}) {
    overwrite(path, Bytes(good).first(size));
    auto store = open("b" + std::to_string(size));
    EXPECT_FALSE(fetch(*store, {root}).ok()) << size;
    expect_empty(*store);
  }
}

TEST_F(FetchTest, TakesNothingWhereAPackIsMissing) {
  Root root = push_large(1u << 20);
  fs::remove(largest_pack());
  auto store = open("b");
  EXPECT_THAT(fetch(*store, {root}), FailsWith(Code::not_found, "'large'"));
  expect_empty(*store);
}

TEST_F(FetchTest, TakesNoSingleEntryWithWrongBytes) {
  auto source = open("source");
  std::map<std::string, Buffer> files;
  for (std::uint64_t i = 0; i < 10; ++i) {
    files["f" + std::to_string(i)] = random_bytes(150'000, i);
  }
  ASSERT_OK(push(*source, {put_tree(*source, "all", files)}));
  Root one{{store::Family::blob, codec::hash(files["f7"]), 150'000}, "f7"};
  std::string path = largest_pack();
  Buffer good = test::read_bytes(path);
  Buffer damaged = good;
  for (std::size_t at = 20; at < 1'490'000; at += 500) {
    damaged[at] ^= 1;
  }
  overwrite(path, damaged);
  auto store = open("b");
  EXPECT_THAT(fetch(*store, {one}), FailsWith(Code::corrupt, "damaged"));
  expect_empty(*store);
  overwrite(path, good);
  ASSERT_OK(fetch(*store, {one}));
  expect_whole(*store, one);
}

TEST_F(FetchTest, SaysThatADamagedIndexIsSkipped) {
  Root root = push_large(100'000);
  std::string index = remote_ + "/indexes/" + remote_names("indexes").front();
  Buffer good = test::read_bytes(index);
  Buffer bytes = good;
  bytes[bytes.size() / 2] ^= 1;
  overwrite(index, bytes);
  auto store = open("b");
  EXPECT_THAT(fetch(*store, {root}), FailsWith(Code::not_found, "'large'"));
  ASSERT_EQ(log_.warnings.size(), 1u);
  EXPECT_NE(log_.warnings.front().find("indexes/"), std::string::npos);
  overwrite(index, good);
  EXPECT_OK(fetch(*store, {root}));
}

TEST_F(FetchTest, MendsADamagedCacheOfIndexes) {
  Root root = push_large(100'000);
  auto store = open("b");
  ASSERT_OK(fetch(*store, {root}));
  std::string cache;
  for (const auto& entry : fs::recursive_directory_iterator(store->paths().root + "/remotes")) {
    cache = entry.path().extension() == ".idx" ? entry.path().string() : cache;
  }
  Buffer bytes = test::read_bytes(cache);
  bytes[bytes.size() / 2] ^= 1;
  overwrite(cache, bytes);
  EXPECT_OK(fetch(*store, {root}));
  EXPECT_TRUE(log_.warnings.empty());
}

TEST_F(FetchTest, DropsCachedIndexesThatAreGone) {
  Root root = push_large(100'000);
  auto store = open("b");
  ASSERT_OK(fetch(*store, {root}));
  fs::remove_all(remote_ + "/indexes");
  EXPECT_OK(fetch(*store, {root}));
  for (const auto& entry : fs::recursive_directory_iterator(store->paths().root + "/remotes")) {
    EXPECT_NE(entry.path().extension(), ".idx");
  }
}

TEST_F(FetchTest, FailsWhenTheRemoteIsGone) {
  Root root = push_large(100'000);
  auto store = open("b");
  ASSERT_OK(fetch(*store, {root}));
  fs::rename(remote_, remote_ + ".away");
  EXPECT_THAT(fetch(*store, {root}), FailsWith(Code::remote, "is gone"));
}

/// As a plain HTTP server: nothing can be listed.
class NoList : public transport::DirTransport {
 public:
  using DirTransport::DirTransport;
  [[nodiscard]] transport::Capabilities capabilities() const override { return {false, false}; }
  Result<std::vector<transport::ObjectInfo>> list(const std::string& /*prefix*/) override {
    return Error(Code::unsupported, "cannot list");
  }
};

TEST_F(FetchTest, FindsItsWayWithoutListing) {
  Root root = push_large(2u << 20);
  auto store = open("b");
  ASSERT_OK(fetch(*store, {root}, std::make_unique<NoList>(remote_)));
  expect_whole(*store, root);
}

}  // namespace
}  // namespace cairn::remote
