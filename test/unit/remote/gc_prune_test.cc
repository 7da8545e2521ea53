// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "unit/remote/gc_fixture.h"

namespace cairn::remote {
namespace {

namespace fs = std::filesystem;
using cairn::test::text_bytes;
using std::chrono::hours;

class GcPruneTest : public test::GcFixture {
 protected:
  static GcOptions pruning(Time now) {
    GcOptions options = at_once();
    options.now = now;
    options.grace = hours(24);
    options.prune = Prune{"0123456789abcdef", {"live"}};
    return options;
  }
  /// Commits live and dead of one project.
  void SetUp() override {
    auto store = open("a");
    live_ = put_root(*store, "live", text_bytes(5000, 1));
    dead_ = put_root(*store, "dead", text_bytes(5000, 2));
    ASSERT_OK(push_commit(*store, {live_}, "live"));
    ASSERT_OK(push_commit(*store, {dead_}, "dead"));
  }
  Root live_;
  Root dead_;
};

TEST_F(GcPruneTest, WithoutBeingAskedEveryRootStays) {
  ASSERT_OK_AND_ASSIGN(const GcReport report, collect());
  EXPECT_EQ(report.removed_packs, 0u);
  EXPECT_EQ(remote_names("roots/0123456789abcdef").size(), 2u);
}

TEST_F(GcPruneTest, ARootGoesAfterTheGracePeriodAndItsDataAfterAnother) {
  ASSERT_OK_AND_ASSIGN(const GcReport first, collect(pruning(kNow)));
  EXPECT_TRUE(first.removed_roots.empty());
  ASSERT_EQ(first.doomed_roots.size(), 1u);
  EXPECT_EQ(first.doomed_roots[0].name, "roots/0123456789abcdef/dead");
  EXPECT_EQ(first.doomed_roots[0].until, kNow + hours(24));
  // A collection that does not prune leaves the list of roots as it is.
  GcOptions plain = pruning(kNow + hours(48));
  plain.prune.reset();
  ASSERT_OK_AND_ASSIGN(const GcReport between, collect(plain));
  EXPECT_EQ(between.doomed_roots.size(), 1u);
  EXPECT_EQ(remote_names("roots/0123456789abcdef").size(), 2u);
  ASSERT_OK_AND_ASSIGN(const GcReport second, collect(pruning(kNow + hours(24))));
  EXPECT_EQ(second.removed_roots, std::vector<std::string>{"roots/0123456789abcdef/dead"});
  EXPECT_EQ(remote_names("roots/0123456789abcdef"), std::vector<std::string>{"live"});
  EXPECT_TRUE(second.doomed.empty());
  ASSERT_OK_AND_ASSIGN(const GcReport third, collect(pruning(kNow + hours(24))));
  EXPECT_EQ(third.doomed.size(), 1u);
  ASSERT_OK_AND_ASSIGN(const GcReport fourth, collect(pruning(kNow + hours(48))));
  EXPECT_EQ(fourth.removed_packs, 1u);
  expect_fetchable({live_});
}

TEST_F(GcPruneTest, ACommitThatIsBackKeepsItsRoot) {
  ASSERT_OK(collect(pruning(kNow)));
  GcOptions options = pruning(kNow + hours(24));
  options.prune->commits.insert("dead");
  ASSERT_OK_AND_ASSIGN(const GcReport report, collect(options));
  EXPECT_TRUE(report.removed_roots.empty());
  EXPECT_TRUE(report.doomed_roots.empty());
  EXPECT_TRUE(remote_names("locks").empty());
}

TEST_F(GcPruneTest, RootsOfOtherProjectsStay) {
  fs::create_directories(remote_ + "/roots/another");
  fs::copy(remote_ + "/roots/0123456789abcdef/dead", remote_ + "/roots/another/dead");
  GcOptions options = pruning(kNow);
  options.grace = std::chrono::seconds(0);
  ASSERT_OK_AND_ASSIGN(const GcReport report, collect(options));
  EXPECT_EQ(report.removed_roots.size(), 1u);
  EXPECT_EQ(remote_names("roots/another").size(), 1u);
  ASSERT_OK(collect(options));
  expect_fetchable({live_, dead_});
}

TEST_F(GcPruneTest, SaysWhatWouldGoInADryRun) {
  GcOptions options = pruning(kNow);
  options.grace = std::chrono::seconds(0);
  options.dry_run = true;
  const auto before = everything();
  ASSERT_OK_AND_ASSIGN(const GcReport report, collect(options));
  EXPECT_EQ(report.removed_roots.size(), 1u);
  EXPECT_EQ(everything(), before);
}

}  // namespace
}  // namespace cairn::remote
