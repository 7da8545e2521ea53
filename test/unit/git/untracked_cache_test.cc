// SPDX-License-Identifier: Apache-2.0
#include "git/untracked_cache.h"

#include "support/matchers.h"
#include "unit/git/git_fixture.h"

namespace cairn::git {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class UntrackedCacheTest : public ::testing::Test {
 protected:
  static Repository open(const std::string& folder) {
    auto repository = test::open_at(folder);
    EXPECT_OK(repository);
    return std::move(*repository);
  }
  std::string local_config(const std::string& folder) const {
    return git_.git(folder, {"config", "--local", "--list"});
  }

  test::GitFixture git_;
  std::string folder_ = git_.init("repo");
};

TEST_F(UntrackedCacheTest, IsSwitchedOnOnceAndOffAgain) {
  Repository repository = open(folder_);
  EXPECT_TRUE(*enable_untracked_cache(repository));
  EXPECT_EQ(git_.git(folder_, {"config", "--bool", "core.untrackedCache"}), "true");
  EXPECT_FALSE(*enable_untracked_cache(repository));
  EXPECT_TRUE(*disable_untracked_cache(repository));
  EXPECT_FALSE(*disable_untracked_cache(repository));
  EXPECT_THAT(local_config(folder_), Not(HasSubstr("untrackedcache")));
}

TEST_F(UntrackedCacheTest, StaysAsTheUserHasIt) {
  git_.git(folder_, {"config", "core.untrackedCache", "keep"});
  Repository repository = open(folder_);
  EXPECT_FALSE(*enable_untracked_cache(repository));
  EXPECT_FALSE(*disable_untracked_cache(repository));
  EXPECT_EQ(git_.git(folder_, {"config", "core.untrackedCache"}), "keep");

  const std::string many = git_.init("many");
  git_.git(many, {"config", "feature.manyFiles", "false"});
  Repository other = open(many);
  EXPECT_FALSE(*enable_untracked_cache(other));
  EXPECT_THAT(local_config(many), Not(HasSubstr("untrackedcache")));
}

TEST_F(UntrackedCacheTest, ChangedByTheUserMeanwhileStays) {
  Repository repository = open(folder_);
  EXPECT_TRUE(*enable_untracked_cache(repository));
  git_.git(folder_, {"config", "core.untrackedCache", "false"});
  EXPECT_FALSE(*enable_untracked_cache(repository));
  EXPECT_FALSE(*disable_untracked_cache(repository));
  EXPECT_EQ(git_.git(folder_, {"config", "core.untrackedCache"}), "false");
  EXPECT_THAT(local_config(folder_), Not(HasSubstr("cairn.untrackedcache")));
}

TEST_F(UntrackedCacheTest, IsOfNoUseToABareRepository) {
  Repository bare = open(git_.init("bare.git", {"--bare"}));
  EXPECT_FALSE(*enable_untracked_cache(bare));
}

}  // namespace
}  // namespace cairn::git
