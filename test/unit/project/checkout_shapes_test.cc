// SPDX-License-Identifier: Apache-2.0
// Checkout between versions in which a path is another kind of thing.
#include <filesystem>

#include "project/checkout.h"
#include "unit/project/verbs_fixture.h"

namespace cairn::project {
namespace {

using ::testing::ElementsAre;

class CheckoutShapes : public test::VerbsFixture {
 protected:
  /// Records what is there as the first version of "set", then what `change` makes of it as the second; goes
  /// to the first, to the second, and to the first again.
  template <class Change, class Check>
  void back_and_forth(Change change, Check check_second) {
    add_one("set");
    const auto names = names_below("set");
    const std::string first = pointer("set");
    change();
    add_one("set");
    const std::string second = pointer("set");
    set_pointer("set", first);
    EXPECT_EQ(checkout().failed(), 0U);
    EXPECT_EQ(names_below("set"), names);
    set_pointer("set", second);
    EXPECT_EQ(checkout().failed(), 0U);
    check_second();
    set_pointer("set", first);
    EXPECT_EQ(checkout().failed(), 0U);
    EXPECT_EQ(names_below("set"), names);
  }
};

TEST_F(CheckoutShapes, FileBecomesFolderInside) {
  write("set/x", "file");
  write("set/y", "y");
  back_and_forth(
      [this] {
        erase("set/x");
        write("set/x/in/deep", "d");
      },
      [this] { EXPECT_THAT(names_below("set"), ElementsAre("x", "x/in", "x/in/deep", "y")); });
  EXPECT_EQ(read("set/x"), "file");
}

TEST_F(CheckoutShapes, TrackedFileBecomesTrackedFolder) {
  write("set", "file");
  add_one("set");
  const std::string file = pointer("set");
  erase("set");
  write("set/a", "a");
  add_one("set");
  const std::string folder = pointer("set");
  set_pointer("set", file);
  EXPECT_EQ(checkout().failed(), 0U);
  EXPECT_EQ(read("set"), "file");
  set_pointer("set", folder);
  EXPECT_EQ(checkout().failed(), 0U);
  EXPECT_EQ(read("set/a"), "a");
}

TEST_F(CheckoutShapes, FolderThatHoldsTheUsersFilesDoesNotBecomeAFile) {
  write("set", "file");
  add_one("set");
  const std::string file = pointer("set");
  erase("set");
  write("set/a", "a");
  add_one("set");
  write("set/own", "mine");
  set_pointer("set", file);
  const CheckoutReport report = checkout();
  EXPECT_THAT(report.paths.at(0).conflicts, ElementsAre("set/own"));
  EXPECT_THAT(names_below("set"), ElementsAre("a", "own"));
}

TEST_F(CheckoutShapes, SymlinksComeGoAndChange) {
  write("set/a", "a");
  write("set/b", "b");
  make_symlink("set/changes", "a");
  make_symlink("set/goes", "a");
  make_symlink("set/to file", "a");
  back_and_forth(
      [this] {
        erase("set/changes");
        make_symlink("set/changes", "b");
        erase("set/goes");
        make_symlink("set/comes", "nowhere/at all");
        erase("set/to file");
        write("set/to file", "text");
      },
      [this] {
        EXPECT_EQ(link_target("set/changes"), "b");
        EXPECT_EQ(link_target("set/comes"), "nowhere/at all");
        EXPECT_FALSE(exists("set/goes"));
        EXPECT_EQ(read("set/to file"), "text");
      });
  EXPECT_EQ(link_target("set/changes"), "a");
  EXPECT_EQ(link_target("set/to file"), "a");
  EXPECT_EQ(read("set/a"), "a");
}

TEST_F(CheckoutShapes, ExecutableBitsChangeInPlace) {
  write("set/run", "x");
  make_executable("set/run");
  write("set/text", "x");
  back_and_forth(
      [this] {
        make_executable("set/run", false);
        make_executable("set/text");
      },
      [this] {
        EXPECT_FALSE(is_executable("set/run"));
        EXPECT_TRUE(is_executable("set/text"));
      });
  EXPECT_TRUE(is_executable("set/run"));
  EXPECT_FALSE(is_executable("set/text"));
}

TEST_F(CheckoutShapes, EmptyFoldersComeAndGo) {
  make_folder("set/one");
  write("set/two/file", "f");
  back_and_forth(
      [this] {
        erase("set/one");
        erase("set/two/file");
        make_folder("set/three/four");
      },
      [this] { EXPECT_THAT(names_below("set"), ElementsAre("three", "three/four", "two")); });
}

TEST_F(CheckoutShapes, FolderBecomesSymlinkAndNothingIsWrittenBelowOne) {
  write("set/d/x", "x");
  write("set/e/x", "e");
  back_and_forth(
      [this] {
        erase("set/d");
        make_symlink("set/d", "e");
      },
      [this] { EXPECT_EQ(link_target("set/d"), "e"); });
  EXPECT_EQ(read("set/d/x"), "x");
  EXPECT_EQ(read("set/e/x"), "e");
}

TEST_F(CheckoutShapes, HardLinksOfCleanFilesAreReplacedOneByOne) {
  write("set/a", "same");
  std::filesystem::create_hard_link(path("set/a"), path("set/b"));
  back_and_forth(
      [this] {
        erase("set/a");
        erase("set/b");
      },
      [this] { EXPECT_THAT(names_below("set"), ElementsAre()); });
}

}  // namespace
}  // namespace cairn::project
