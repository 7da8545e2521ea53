// SPDX-License-Identifier: Apache-2.0
#include "project/undo.h"

#include <filesystem>

#include "project/move.h"
#include "project/remove.h"
#include "unit/project/verbs_fixture.h"

namespace cairn::project {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class UndoTest : public test::VerbsFixture {
 protected:
  Result<UndoReport> undo(bool force = false) {
    reopen();
    UndoOptions options;
    options.force = force;
    return project::undo(workspace(), options, context());
  }

  /// As undo(), and nothing may go wrong.
  void undo_all() {
    const Result<UndoReport> report = undo();
    ASSERT_OK(report);
    for (const PathReport& path : report->paths) {
      EXPECT_FALSE(path.error) << path.error->message();
    }
  }

  void remove(const std::string& target, bool outs, bool force = false) {
    reopen();
    RemoveOptions options;
    options.outs = outs;
    options.force = force;
    Result<std::vector<Tracked>> selected = select_tracked(tracked(), {target});
    ASSERT_OK(selected);
    ASSERT_OK(project::remove(workspace(), *selected, options, context()));
  }

  void move(const std::string& from, const std::string& to) {
    reopen();
    MoveOptions options;
    options.from = from;
    options.to = to;
    ASSERT_OK(project::move(workspace(), tracked(), options));
  }

  /// A folder in two versions; the first one is here, the pointer names the second.
  void behind() {
    write("set/edited", "1");
    write("set/old", "old");
    make_symlink("set/link", "old");
    add_one("set");
    first_ = pointer("set");
    write("set/edited", "22");
    erase("set/old");
    erase("set/link");
    write("set/new/x", "x");
    add_one("set");
    second_ = pointer("set");
    set_pointer("set", first_);
    checkout();
    set_pointer("set", second_);
  }

  std::string first_;
  std::string second_;
};

TEST_F(UndoTest, HasNothingToDoAtFirst) {
  EXPECT_THAT(undo(), test::FailsWith(Code::not_found, "nothing to undo"));
}

TEST_F(UndoTest, TakesACheckoutBackAndForth) {
  behind();
  const std::optional<store::Id> first = record("set");
  checkout();
  const std::optional<store::Id> second = record("set");
  EXPECT_THAT(names_below("set"), ElementsAre("edited", "new", "new/x"));
  undo_all();
  EXPECT_THAT(names_below("set"), ElementsAre("edited", "link", "old"));
  EXPECT_EQ(read("set/edited"), "1");
  EXPECT_EQ(link_target("set/link"), "old");
  EXPECT_EQ(record("set"), first);
  undo_all();
  EXPECT_THAT(names_below("set"), ElementsAre("edited", "new", "new/x"));
  EXPECT_EQ(read("set/edited"), "22");
  EXPECT_EQ(record("set"), second);
}

TEST_F(UndoTest, BringsBackWhatForceOverwrote) {
  behind();
  write("set/edited", "mine");
  write("set/old", "mine too");
  make_executable("set/old");
  EXPECT_EQ(checkout(true).failed(), 0U);
  EXPECT_EQ(read("set/edited"), "22");
  EXPECT_FALSE(exists("set/old"));
  undo_all();
  EXPECT_EQ(read("set/edited"), "mine");
  EXPECT_EQ(read("set/old"), "mine too");
  EXPECT_TRUE(is_executable("set/old"));
}

TEST_F(UndoTest, LeavesTheUsersOwnFilesAlone) {
  behind();
  write("set/own", "own");
  checkout();
  write("set/new/later", "later");
  undo_all();
  EXPECT_EQ(read("set/own"), "own");
  EXPECT_EQ(read("set/new/later"), "later");
  EXPECT_FALSE(exists("set/new/x"));
}

TEST_F(UndoTest, RefusesWhenAPathWasChangedSince) {
  behind();
  write("other", "o");
  add_one("other");
  erase("other");
  checkout();
  write("set/edited", "later");
  const Result<UndoReport> report = undo();
  ASSERT_OK(report);
  EXPECT_THAT(test::find_path(report->paths, "set").conflicts, ElementsAre("set/edited"));
  EXPECT_EQ(read("set/edited"), "later");
  EXPECT_TRUE(exists("other"));  // all or nothing
  ASSERT_OK_AND_ASSIGN(const UndoReport forced, undo(true));
  EXPECT_FALSE(test::find_path(forced.paths, "set").error);
  EXPECT_EQ(read("set/edited"), "1");
  EXPECT_FALSE(exists("other"));
  undo_all();
  EXPECT_EQ(read("set/edited"), "later");
}

TEST_F(UndoTest, TakesBackAFileAndAWholeFolderThatWereMissing) {
  write("data", "d");
  write("set/x", "x");
  add({"data", "set"});
  erase("data");
  erase("set");
  checkout();
  undo_all();
  EXPECT_FALSE(exists("data"));
  EXPECT_FALSE(exists("set"));
  undo_all();
  EXPECT_EQ(read("data"), "d");
  EXPECT_EQ(read("set/x"), "x");
}

TEST_F(UndoTest, BringsBackDataWhosePointerWentAway) {
  write("raw/set/x", "x");
  add_one("raw/set");
  erase("raw/set.cairn");
  erase("raw/.gitignore");
  checkout();
  EXPECT_FALSE(exists("raw"));
  undo_all();
  EXPECT_EQ(read("raw/set/x"), "x");
  EXPECT_NE(record("raw/set"), std::nullopt);
}

TEST_F(UndoTest, IsNotForgottenByACheckoutThatChangesNothing) {
  behind();
  checkout();
  checkout();
  undo_all();
  EXPECT_EQ(read("set/edited"), "1");
}

TEST_F(UndoTest, TakesBackACheckoutThatWasKilledHalfWay) {
  behind();
  checkout();
  write("set/old", "old");  // as if it had not been removed yet
  erase("set/new/x");       // nor this one written
  undo_all();
  EXPECT_THAT(names_below("set"), ElementsAre("edited", "link", "old"));
  EXPECT_EQ(read("set/edited"), "1");
}

TEST_F(UndoTest, TakesBackARemoveWithItsData) {
  write("set/x", "x");
  add_one("set");
  write("set/own", "own");
  const std::string text = pointer("set");
  remove("set", true, true);
  EXPECT_FALSE(exists("set"));
  undo_all();
  EXPECT_EQ(pointer("set"), text);
  EXPECT_THAT(names_below("set"), ElementsAre("own", "x"));
  EXPECT_THAT(read(".gitignore"), HasSubstr("/set\n"));
  undo_all();
  EXPECT_FALSE(exists("set"));
  EXPECT_FALSE(exists("set.cairn"));
  EXPECT_FALSE(exists(".gitignore"));
}

TEST_F(UndoTest, TakesBackARemoveThatKeptTheData) {
  write("data", "d");
  add_one("data");
  const std::string text = pointer("data");
  remove("data", false);
  undo_all();
  EXPECT_EQ(pointer("data"), text);
  EXPECT_EQ(record("data"), test::id_of("d"));
  EXPECT_THAT(read(".gitignore"), HasSubstr("/data\n"));
}

TEST_F(UndoTest, RefusesWhenAPointerWasChangedSince) {
  write("data", "d");
  add_one("data");
  remove("data", false);
  write("data", "later");
  add_one("data");
  const std::string later = pointer("data");
  EXPECT_THAT(undo(), test::FailsWith(Code::conflict, "data.cairn"));
  EXPECT_EQ(pointer("data"), later);
}

TEST_F(UndoTest, TakesAMoveBackAndForth) {
  write("a/data", "d");
  add_one("a/data");
  write("a/data", "edited, not stored");
  move("a/data", "b/data");
  undo_all();
  EXPECT_EQ(read("a/data"), "edited, not stored");
  EXPECT_TRUE(exists("a/data.cairn"));
  EXPECT_FALSE(exists("b/data.cairn"));
  EXPECT_EQ(record("a/data"), test::id_of("d"));
  undo_all();
  EXPECT_EQ(read("b/data"), "edited, not stored");
  EXPECT_FALSE(exists("a/data.cairn"));
  EXPECT_EQ(record("b/data"), test::id_of("d"));
}

TEST_F(UndoTest, RefusesToMoveBackOverSomethingNew) {
  write("a", "a");
  add_one("a");
  move("a", "b");
  write("a", "new");
  EXPECT_THAT(undo(), test::FailsWith(Code::conflict, "'a' exists again"));
  EXPECT_EQ(read("a"), "new");
  EXPECT_EQ(read("b"), "a");
}

TEST_F(UndoTest, TakesBackAMoveThatWasKilledBeforeTheData) {
  write("a", "a");
  add_one("a");
  move("a", "b");
  std::filesystem::rename(path("b"), path("a"));
  undo_all();
  EXPECT_EQ(read("a"), "a");
  EXPECT_TRUE(exists("a.cairn"));
  EXPECT_FALSE(exists("b.cairn"));
}

TEST_F(UndoTest, ChangesNothingInADryRun) {
  behind();
  checkout();
  reopen();
  UndoOptions options;
  options.dry_run = true;
  ASSERT_OK_AND_ASSIGN(const UndoReport report, project::undo(workspace(), options, context()));
  EXPECT_EQ(report.command, "checkout");
  EXPECT_THAT(report.paths.at(0).updated, ElementsAre("set/edited"));
  EXPECT_EQ(read("set/edited"), "22");
}

}  // namespace
}  // namespace cairn::project
