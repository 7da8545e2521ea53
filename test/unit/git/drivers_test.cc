// SPDX-License-Identifier: Apache-2.0
#include "git/drivers.h"

#include "git/unmerged.h"
#include "support/matchers.h"
#include "unit/git/git_fixture.h"

namespace cairn::git {
namespace {

class DriversTest : public ::testing::Test {
 protected:
  Repository open() {
    auto repository = Repository::open(*find_layout(folder_).value());
    EXPECT_OK(repository);
    return std::move(*repository);
  }

  test::GitFixture git_;
  std::string folder_ = git_.init("repo");
};

TEST_F(DriversTest, AreSetOnceAndTakenOutAgain) {
  Repository repository = open();
  EXPECT_TRUE(*install_drivers(repository));
  EXPECT_FALSE(*install_drivers(repository));
  for (const DriverSetting& setting : driver_settings()) {
    // Git reads what was written, line breaks and quotes included.
    const std::string read =
        git_.git(folder_, {"config", "--local", "-z", "--get", std::string(setting.key)});
    EXPECT_EQ(read, setting.value + '\0');
  }
  EXPECT_TRUE(*uninstall_drivers(repository));
  EXPECT_FALSE(*uninstall_drivers(repository));
  EXPECT_NE(git_.run(folder_, {"git", "config", "--get-regexp", "cairn"}).status, 0);
}

TEST_F(DriversTest, ChangedByHandAreSetRight) {
  Repository repository = open();
  EXPECT_OK(install_drivers(repository));
  git_.git(folder_, {"config", "merge.cairn.driver", "false"});
  EXPECT_TRUE(*install_drivers(repository));
  EXPECT_FALSE(*install_drivers(repository));
}

TEST_F(DriversTest, WithoutCairnLeaveAConflictWithoutALineMerged) {
  Repository repository = open();
  EXPECT_OK(install_drivers(repository));
  git_.commit(folder_, ".gitattributes", "cairn.lock merge=cairn diff=cairn\n");
  git_.commit(folder_, "cairn.lock", "1\n2\n3\n4\n5\n");
  git_.git(folder_, {"branch", "side"});
  git_.commit(folder_, "cairn.lock", "one\n2\n3\n4\n5\n");
  git_.git(folder_, {"checkout", "-q", "side"});
  git_.commit(folder_, "cairn.lock", "1\n2\n3\n4\nfive\n");
  const test::Ran merged = git_.run(folder_, {"git", "merge", "-q", "main"});
  EXPECT_NE(merged.status, 0);
  EXPECT_THAT(merged.err, ::testing::HasSubstr("cairn: program not found"));
  const test::Ran shown = git_.run(folder_, {"git", "diff", "--check"});
  EXPECT_THAT(shown.out, ::testing::HasSubstr("leftover conflict marker"));
  ASSERT_OK_AND_ASSIGN(const auto open_paths, unmerged_paths(*find_layout(folder_).value()));
  ASSERT_EQ(open_paths.size(), 1U);
  EXPECT_EQ(open_paths.front().path, "cairn.lock");
  EXPECT_TRUE(open_paths.front().base && open_paths.front().ours && open_paths.front().theirs);
  const std::vector<std::string> paths = {"cairn.lock"};
  ASSERT_OK(mark_merged(*find_layout(folder_).value(), paths));
  EXPECT_EQ(unmerged_paths(*find_layout(folder_).value())->size(), 0U);
}

TEST_F(DriversTest, WithoutCairnShowTheFileItself) {
  Repository repository = open();
  EXPECT_OK(install_drivers(repository));
  git_.commit(folder_, ".gitattributes", "*.cairn diff=cairn\n");
  git_.commit(folder_, "a b.cairn", "old\n");
  git_.commit(folder_, "a b.cairn", "new\n");
  EXPECT_THAT(git_.git(folder_, {"show"}), ::testing::HasSubstr("-old\n+new"));
}

}  // namespace
}  // namespace cairn::git
