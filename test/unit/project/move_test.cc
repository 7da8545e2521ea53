// SPDX-License-Identifier: Apache-2.0
#include "project/move.h"

#include "unit/project/verbs_fixture.h"

namespace cairn::project {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class MoveTest : public test::VerbsFixture {
 protected:
  Result<MoveReport> move(const std::string& from, const std::string& to) {
    reopen();
    MoveOptions options;
    options.from = from;
    options.to = to;
    return project::move(workspace(), tracked(), options);
  }
};

TEST_F(MoveTest, RenamesDataPointerIgnoreLineAndRecord) {
  write("a b", "content");
  add_one("a b");
  set_pointer("a b", pointer("a b") + "desc: mine\n");
  const std::string text = pointer("a b");
  ASSERT_OK_AND_ASSIGN(const MoveReport report, move("a b", "deep/new/c"));
  EXPECT_TRUE(report.data_moved);
  EXPECT_EQ(read("deep/new/c"), "content");
  EXPECT_EQ(pointer("deep/new/c"), text);
  EXPECT_FALSE(exists("a b"));
  EXPECT_FALSE(exists("a b.cairn"));
  EXPECT_FALSE(exists(".gitignore"));
  EXPECT_THAT(read("deep/new/.gitignore"), HasSubstr("/c\n"));
  EXPECT_EQ(record("deep/new/c"), test::id_of("content"));
  EXPECT_EQ(record("a b"), std::nullopt);
}

TEST_F(MoveTest, MovesIntoAFolder) {
  write("set/x", "x");
  make_folder("archive");
  add_one("set");
  ASSERT_OK_AND_ASSIGN(const MoveReport report, move("set", "archive"));
  EXPECT_EQ(report.to, "archive/set");
  EXPECT_EQ(read("archive/set/x"), "x");
  ASSERT_OK(move("archive/set", ""));
  EXPECT_EQ(read("set/x"), "x");
}

TEST_F(MoveTest, KeepsWhatTheStatCacheKnows) {
  write("set/x", "x");
  add_one("set");
  erase("set");
  checkout();
  ASSERT_OK(move("set", "new"));
  reopen();
  ASSERT_OK_AND_ASSIGN(const auto stat, workspace().files().find_stat("new/x"));
  EXPECT_EQ(workspace().stat_cache().find("new/x", *stat), test::id_of("x"));
}

TEST_F(MoveTest, MovesChangedDataAsItIs) {
  write("a", "a");
  add_one("a");
  write("a", "changed");
  ASSERT_OK(move("a", "b"));
  EXPECT_EQ(read("b"), "changed");
}

TEST_F(MoveTest, MovesThePointerOfMissingData) {
  write("a", "a");
  add_one("a");
  erase("a");
  ASSERT_OK_AND_ASSIGN(const MoveReport report, move("a", "b"));
  EXPECT_FALSE(report.data_moved);
  checkout();
  EXPECT_EQ(read("b"), "a");
  EXPECT_FALSE(exists("a"));
}

TEST_F(MoveTest, RefusesWhatItCannotDo) {
  write("a", "a");
  write("set/x", "x");
  write("taken", "t");
  write("tracked in git", "g");
  add({"a", "set"});
  git("add 'tracked in git' && git commit -q -m one");
  erase("tracked in git");
  EXPECT_THAT(move("a", "taken"), test::FailsWith(Code::exists, "taken"));
  EXPECT_THAT(move("a", "set"), test::FailsWith(Code::conflict, "tracked as a whole"));
  EXPECT_THAT(move("a", "set/y"), test::FailsWith(Code::conflict, "tracked as a whole"));
  EXPECT_THAT(move("set/x", "y"), test::FailsWith(Code::conflict, "tracked as a whole"));
  EXPECT_THAT(move("set", "set/in"), test::FailsWith(Code::conflict, "into itself"));
  EXPECT_THAT(move("taken", "b"), test::FailsWith(Code::not_found, "not tracked"));
  EXPECT_THAT(move("a", "a"), test::FailsWith(Code::exists, "'a'"));
  EXPECT_THAT(move("a", "b.cairn"), test::FailsWith(Code::usage, "pointer"));
  EXPECT_THAT(move("a", "tracked in git"), test::FailsWith(Code::conflict, "Git"));
  EXPECT_THAT(move("a", ".git/x"), test::FailsWith(Code::malformed, ".git"));
  EXPECT_THAT(move("a", "new\nline"), test::FailsWith(Code::unsupported, "line break"));
  EXPECT_EQ(read("a"), "a");
  EXPECT_TRUE(exists("a.cairn"));
}

TEST_F(MoveTest, ChangesNothingInADryRun) {
  write("a", "a");
  add_one("a");
  reopen();
  MoveOptions options;
  options.from = "a";
  options.to = "b";
  options.dry_run = true;
  ASSERT_OK(project::move(workspace(), tracked(), options));
  EXPECT_TRUE(exists("a"));
  EXPECT_FALSE(exists("b"));
}

}  // namespace
}  // namespace cairn::project
