// SPDX-License-Identifier: Apache-2.0
// Adding paths inside tracked folders.
#include "project/pointer.h"
#include "unit/project/verbs_fixture.h"

namespace cairn::project {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class AddInsideTest : public test::VerbsFixture {
 protected:
  void SetUp() override {
    VerbsFixture::SetUp();
    write("set/a", "a");
    write("set/sub/b", "b");
    add_one("set");
  }

  /// What a fresh clone would get.
  std::vector<std::string> names_after_clone() {
    erase("set");
    checkout();
    return names_below("set");
  }
};

TEST_F(AddInsideTest, PutsANewFileIntoTheFoldersPointer) {
  write("set/sub/new", "new");
  const AddedPath added = add_one("set/sub/new");
  EXPECT_EQ(added.tracked, "set");
  EXPECT_EQ(added.outcome, AddOutcome::added);
  EXPECT_FALSE(exists("set/sub/new.cairn"));
  EXPECT_THAT(pointer("set"), HasSubstr("files: 3\n"));
  EXPECT_THAT(names_after_clone(), ElementsAre("a", "sub", "sub/b", "sub/new"));
}

TEST_F(AddInsideTest, NeedsNothingElseOfTheFolder) {
  erase("set");
  write("set/sub/new", "new");
  add_one("set/sub/new");
  EXPECT_THAT(pointer("set"), HasSubstr("files: 3\n"));
  EXPECT_THAT(names_after_clone(), ElementsAre("a", "sub", "sub/b", "sub/new"));
}

TEST_F(AddInsideTest, ReplacesAndTakesOut) {
  write("set/a", "changed");
  erase("set/sub");
  const AddReport report = add({"set/a", "set/sub"});
  ASSERT_EQ(report.failed(), 0U);
  EXPECT_EQ(report.paths.at(0).outcome, AddOutcome::modified);
  EXPECT_EQ(report.paths.at(1).object, std::nullopt);
  EXPECT_THAT(names_after_clone(), ElementsAre("a"));
  EXPECT_EQ(read("set/a"), "changed");
}

TEST_F(AddInsideTest, TakesAWholeFolder) {
  write("set/more/x", "x");
  write("set/more/y", "y");
  EXPECT_EQ(add_one("set/more").files, 2U);
  EXPECT_THAT(pointer("set"), HasSubstr("files: 4\n"));
}

TEST_F(AddInsideTest, LeavesOtherChangesOfTheFolderOut) {
  write("set/a", "changed");
  write("set/sub/b", "changed too");
  add_one("set/a");
  EXPECT_THAT(checkout().paths.at(0).changed, ElementsAre("set/sub/b"));
}

TEST_F(AddInsideTest, MakesTheSamePointerAsAddingTheWholeFolder) {
  write("set/sub/new", "new");
  add_one("set/sub/new");
  const std::string inside = pointer("set");
  EXPECT_EQ(add_one("set").outcome, AddOutcome::unchanged);
  EXPECT_EQ(pointer("set"), inside);
}

TEST_F(AddInsideTest, RefusesWhatIsNeitherHereNorThere) {
  EXPECT_EQ(add_error("set/nothing").code(), Code::not_found);
}

TEST_F(AddInsideTest, DoesTheOthersOfTheSameFolder) {
  write("set/new", "n");
  const AddReport report = add({"set/new", "set/nothing"});
  EXPECT_EQ(report.failed(), 1U);
  EXPECT_THAT(pointer("set"), HasSubstr("files: 3\n"));
}

TEST_F(AddInsideTest, ReportsAnUnchangedFile) {
  EXPECT_EQ(add_one("set/a").outcome, AddOutcome::unchanged);
}

TEST_F(AddInsideTest, RefusesAFileThatIsOlderThanThePointer) {
  const std::string old = pointer("set");
  write("set/a", "newer");
  add_one("set");
  const std::string newer = pointer("set");
  set_pointer("set", old);
  checkout();
  set_pointer("set", newer);
  EXPECT_EQ(add_error("set/a").code(), Code::conflict);
  write("set/sub/b", "mine");
  EXPECT_EQ(add_one("set/sub/b").outcome, AddOutcome::modified);
  // The newer a is still what the pointer names, and the data here is still known to be the old one.
  EXPECT_THAT(checkout().paths.at(0).updated, ElementsAre("set/a"));
  EXPECT_EQ(read("set/a"), "newer");
  EXPECT_EQ(read("set/sub/b"), "mine");
}

}  // namespace
}  // namespace cairn::project
