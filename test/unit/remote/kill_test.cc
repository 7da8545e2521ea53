// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "store/verify.h"
#include "unit/remote/transfer_fixture.h"

namespace cairn::remote {
namespace {

namespace fs = std::filesystem;
using cairn::test::DyingTransport;
using cairn::test::random_bytes;
using cairn::test::text_bytes;

/// More calls than any of these pushes and fetches makes.
constexpr int kManyCalls = 200;

class KillTest : public test::TransferFixture {
 protected:
  std::unique_ptr<transport::Transport> dying(int calls) {
    return std::make_unique<DyingTransport>(remote_, calls);
  }
  /// Objects are never changed in place, so links will do for copies.
  static void copy_remote(const std::string& from, const std::string& to) {
    fs::remove_all(to);
    fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::create_hard_links);
  }
};

TEST_F(KillTest, APushThatDiesAtAnyCallHarmsNothingAndTheNextOneCompletes) {
  auto store = open("a");
  Root old_root = put_root(*store, "old", random_bytes(400'000, 1));
  ASSERT_OK(push_commit(*store, {old_root}, "old"));
  std::map<std::string, Buffer> files;
  for (std::uint64_t i = 0; i < 8; ++i) {
    files["f" + std::to_string(i)] = random_bytes(60'000, 10 + i);
  }
  Root tree = put_tree(*store, "data", files);
  Root part{{store::Family::blob, old_root.object.id, old_root.object.size}, "old"};
  copy_remote(remote_, remote_ + ".saved");
  bool completed = false;
  int calls = 0;
  for (; !completed && calls < kManyCalls; ++calls) {
    copy_remote(remote_ + ".saved", remote_);
    completed = push_commit(*store, {part, tree}, "new", dying(calls)).ok();
    expect_fetchable({old_root});
    SCOPED_TRACE(calls);
    // What follows the roots only looks whether all is still there.
    const bool recorded = fs::exists(remote_ + "/roots/0123456789abcdef/new");
    EXPECT_TRUE(recorded || !completed);
    if (recorded) {
      expect_fetchable({old_root, tree});
    }
    ASSERT_OK(push_commit(*store, {part, tree}, "new"));
    expect_fetchable({old_root, tree});
  }
  EXPECT_TRUE(completed);
  EXPECT_GT(calls, 6);
}

TEST_F(KillTest, AFirstPushThatDiesAtAnyCallCanBeRepeated) {
  for (int calls = 0; calls < 12; ++calls) {
    fs::remove_all(remote_);
    auto store = open("a" + std::to_string(calls));
    Root root = put_root(*store, "data", text_bytes(10'000, 1));
    (void)push(*store, {root}, dying(calls));
    SCOPED_TRACE(calls);
    ASSERT_OK(push(*store, {root}));
    expect_fetchable({root});
  }
}

TEST_F(KillTest, AMergeOfIndexesThatDiesAtAnyCallLosesNothing) {
  auto store = open("a");
  std::vector<Root> roots;
  for (std::uint64_t i = 0; i < 32; ++i) {
    roots.push_back(put_root(*store, "f" + std::to_string(i), random_bytes(300, i)));
    ASSERT_OK(push(*store, {roots.back()}));
  }
  Root last = put_root(*store, "last", random_bytes(300, 99));
  copy_remote(remote_, remote_ + ".saved");
  bool completed = false;
  std::size_t calls = 0;
  for (; !completed && calls < kManyCalls; ++calls) {
    copy_remote(remote_ + ".saved", remote_);
    completed = push(*store, {last}, dying(static_cast<int>(calls))).ok();
    expect_fetchable({roots[0], roots[calls % 32], roots[31]});
  }
  EXPECT_TRUE(completed);
  EXPECT_GT(calls, 32u);
  EXPECT_EQ(remote_names("indexes").size(), 1u);
}

TEST_F(KillTest, AFetchThatDiesAtAnyCallLeavesAStoreThatIsSound) {
  auto source = open("source");
  std::map<std::string, Buffer> files;
  for (std::uint64_t i = 0; i < 10; ++i) {
    files["f" + std::to_string(i)] = random_bytes(150'000, i);
  }
  Root all = put_tree(*source, "all", files);
  Root other = put_root(*source, "other", random_bytes(400'000, 50));
  ASSERT_OK(push(*source, {all, other}));
  Root one{{store::Family::blob, codec::hash(files["f7"]), 150'000}, "f7"};
  bool completed = false;
  int calls = 0;
  for (; !completed && calls < kManyCalls; ++calls) {
    auto store = open("b" + std::to_string(calls));
    completed = fetch(*store, {one, other}, dying(calls)).ok();
    ASSERT_OK_AND_ASSIGN(auto report, store::verify_store(*store, store::VerifyDepth::data, context()));
    EXPECT_TRUE(report.damage.empty()) << calls;
    SCOPED_TRACE(calls);
    ASSERT_OK(fetch(*store, {one, other}));
    expect_whole(*store, one);
    expect_whole(*store, other);
  }
  EXPECT_TRUE(completed);
  EXPECT_GT(calls, 5);
}

}  // namespace
}  // namespace cairn::remote
