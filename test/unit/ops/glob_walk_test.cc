// SPDX-License-Identifier: Apache-2.0
#include "ops/glob_walk.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "support/matchers.h"
#include "unit/project/project_fixture.h"

namespace cairn::ops {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class GlobWalkTest : public test::ProjectFixture {
 protected:
  std::vector<std::string> matches(const std::string& pattern) {
    const Context with = context();
    auto found = GlobWalk(workspace(), with).matches(pattern);
    EXPECT_OK(found);
    return found.ok() ? *found : std::vector<std::string>();
  }
};

TEST_F(GlobWalkTest, FindsMatchesSorted) {
  for (const char* path : {"d/b.csv", "d/a.csv", "d/c.txt", "d/sub/x.csv", "other/y.csv"}) {
    write(path, path);
  }
  EXPECT_THAT(matches("d/*.csv"), ElementsAre("d/a.csv", "d/b.csv"));
  EXPECT_THAT(matches("d/a*"), ElementsAre("d/a.csv"));
  EXPECT_THAT(matches("**/*.csv"), ElementsAre("d/a.csv", "d/b.csv", "d/sub/x.csv", "other/y.csv"));
  EXPECT_THAT(matches("*/?.csv"), ElementsAre("d/a.csv", "d/b.csv", "other/y.csv"));
  EXPECT_THAT(matches("d/**/x.csv"), ElementsAre("d/sub/x.csv"));
  EXPECT_THAT(matches("missing/*"), IsEmpty());
  EXPECT_THAT(matches("d/a.csv/*"), IsEmpty());
  EXPECT_THAT(matches("d/[a"), IsEmpty());
}

TEST_F(GlobWalkTest, TakesAFolderThatMatchesWhole) {
  write("d/sub/x.csv", "x");
  write("d/sub/deep/y.csv", "y");
  EXPECT_THAT(matches("d/*"), ElementsAre("d/sub"));
  EXPECT_THAT(matches("d/**"), ElementsAre("d/sub"));
}

TEST_F(GlobWalkTest, LeavesOutWhatSteersCairnAndGitAndWhatIsIgnored) {
  for (const char* path : {"cairn.yaml", "cairn.lock", "a.cairn", ".gitignore", "kept", "skipped", "no/x",
                           "sub/a", "inner/.git/x", "inner/y", ".kept.cairn-tmp-0123456789abcdef"}) {
    write(path, "x");
  }
  write(".cairnignore", "skipped\nno/\n");
  EXPECT_THAT(matches("*"), ElementsAre("inner", "kept", "sub"));
  EXPECT_THAT(matches("**/y"), IsEmpty());
  EXPECT_THAT(matches("no/*"), IsEmpty());
}

TEST_F(GlobWalkTest, RemembersUntilForget) {
  write("d/a", "a");
  write("d/sub/z", "z");
  const Context with = context();
  GlobWalk walk(workspace(), with);
  ASSERT_OK(walk.matches("d/?"));
  write("d/b", "b");
  ASSERT_OK_AND_ASSIGN(const auto before, walk.matches("d/?"));
  EXPECT_THAT(before, ElementsAre("d/a"));
  walk.forget("d/b");
  ASSERT_OK_AND_ASSIGN(const auto after, walk.matches("d/?"));
  EXPECT_THAT(after, ElementsAre("d/a", "d/b"));
  ASSERT_OK(walk.matches("d/sub/?"));
  write("d/sub/y", "y");
  walk.forget("d");
  ASSERT_OK_AND_ASSIGN(const auto inside, walk.matches("d/sub/?"));
  EXPECT_THAT(inside, ElementsAre("d/sub/y", "d/sub/z"));
}

}  // namespace
}  // namespace cairn::ops
