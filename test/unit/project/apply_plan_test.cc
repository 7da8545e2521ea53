// SPDX-License-Identifier: Apache-2.0
#include "project/apply_plan.h"

#include <algorithm>
#include <set>

#include "support/matchers.h"

namespace cairn::project {
namespace {

using store::TreeKind;

Node file(const std::string& path, std::string_view content, TreeKind kind = TreeKind::file) {
  Node node;
  node.path = path;
  node.kind = kind;
  node.id = codec::hash(as_bytes(content));
  node.size = content.size();
  return node;
}

Node program(const std::string& path, std::string_view content) {
  return file(path, content, TreeKind::executable);
}

Node symlink(const std::string& path, const std::string& target) {
  Node node;
  node.path = path;
  node.kind = TreeKind::symlink;
  node.target = target;
  return node;
}

Node folder(const std::string& path) {
  Node node;
  node.path = path;
  node.kind = TreeKind::folder;
  return node;
}

Node unread(const std::string& path) {
  Node node;
  node.path = path;
  return node;
}

/// What happens to one path, in short: present, base and wanted content of a file; "" is absence.
struct Case {
  std::string present;
  std::string base;
  std::string wanted;
};

class PlanTest : public ::testing::Test {
 protected:
  Plan plan(Listing present, Listing base, Listing wanted) {
    present_ = std::move(present);
    base_ = std::move(base);
    wanted_ = std::move(wanted);
    const auto is_stored = [this](const store::Id& id) { return stored_.contains(id); };
    return make_plan({present_, base_, wanted_, is_stored, part_}, policy_);
  }

  Step only(const Case& c) {
    const auto listing = [](const std::string& content) {
      return content.empty() ? Listing() : Listing{file("", content)};
    };
    const Plan steps = plan(listing(c.present), listing(c.base), listing(c.wanted));
    EXPECT_EQ(steps.size(), 1U);
    return steps.at(0);
  }

  Action action(const Case& c) { return only(c).action; }

  static Action at(const Plan& steps, std::string_view path) {
    const auto it =
        std::find_if(steps.begin(), steps.end(), [path](const Step& step) { return step.path() == path; });
    return it == steps.end() ? Action::none : it->action;
  }

  void store(std::string_view content) { stored_.insert(codec::hash(as_bytes(content))); }

  Policy policy_;
  PathSet part_;
  std::set<store::Id> stored_;
  Listing present_;
  Listing base_;
  Listing wanted_;
};

TEST_F(PlanTest, CreatesWhatIsMissing) {
  EXPECT_EQ(action({"", "", "a"}), Action::create);
  EXPECT_EQ(action({"", "a", "a"}), Action::create);
  EXPECT_EQ(action({"", "a", ""}), Action::none);
}

TEST_F(PlanTest, LeavesAloneWhatIsOutsideOfThePart) {
  policy_.overwrite = Overwrite::forced;
  part_ = {"a/in", "b.txt"};
  const Listing whole = {folder(""),         folder("a"),        file("a/in", "1"), file("a/in.txt", "2"),
                         file("a/out", "3"), file("b.txt", "4"), file("c", "5")};
  const Plan nothing_here = plan({}, {}, whole);
  EXPECT_EQ(at(nothing_here, ""), Action::create);
  EXPECT_EQ(at(nothing_here, "a"), Action::create);
  EXPECT_EQ(at(nothing_here, "a/in"), Action::create);
  EXPECT_EQ(at(nothing_here, "a/in.txt"), Action::none);
  EXPECT_EQ(at(nothing_here, "a/out"), Action::none);
  EXPECT_EQ(at(nothing_here, "b.txt"), Action::create);
  EXPECT_EQ(at(nothing_here, "c"), Action::none);

  const Plan edited = plan(
      {folder(""), folder("a"), file("a/in", "mine"), file("a/new", "6"), file("c", "mine")}, whole, whole);
  EXPECT_EQ(at(edited, "a/in"), Action::replace);
  EXPECT_EQ(at(edited, "a/new"), Action::none);
  EXPECT_EQ(at(edited, "c"), Action::none);
  EXPECT_EQ(at(edited, "b.txt"), Action::create);
}

TEST_F(PlanTest, AFolderInThePartIsJudgedWithAllThatIsInIt) {
  part_ = {"a"};
  const Listing whole = {folder(""), folder("a"), file("a/1", "1"), file("b", "2")};
  const Plan steps = plan({folder(""), folder("a"), file("a/0", "mine"), file("b", "mine")}, whole, whole);
  EXPECT_EQ(at(steps, "a/0"), Action::keep);
  EXPECT_EQ(at(steps, "a/1"), Action::create);
  EXPECT_EQ(at(steps, "b"), Action::none);
}

TEST_F(PlanTest, LeavesWhatIsAsWantedEvenIfUnknown) {
  EXPECT_EQ(action({"a", "", "a"}), Action::none);
  EXPECT_EQ(action({"a", "b", "a"}), Action::none);
}

TEST_F(PlanTest, OverwritesOnlyContentThatIsStored) {
  EXPECT_EQ(action({"old", "old", "new"}), Action::conflict);
  EXPECT_EQ(action({"mine", "old", "new"}), Action::conflict);
  EXPECT_EQ(action({"mine", "", "new"}), Action::conflict);
  store("old");
  store("mine");
  EXPECT_EQ(action({"old", "old", "new"}), Action::replace);
  EXPECT_EQ(action({"mine", "old", "new"}), Action::replace);
  EXPECT_EQ(action({"mine", "", "new"}), Action::replace);
}

TEST_F(PlanTest, KeepsAChangedFileWhoseWantedContentDidNotChange) {
  store("mine");
  EXPECT_EQ(action({"mine", "old", "old"}), Action::keep_changed);
}

TEST_F(PlanTest, RemovesOnlyWhatIsCleanAndStored) {
  EXPECT_EQ(action({"old", "old", ""}), Action::keep);
  EXPECT_EQ(action({"mine", "old", ""}), Action::keep_changed);
  EXPECT_EQ(action({"mine", "", ""}), Action::keep);
  store("old");
  store("mine");
  EXPECT_EQ(action({"old", "old", ""}), Action::remove);
  EXPECT_EQ(action({"mine", "old", ""}), Action::keep_changed);
  EXPECT_EQ(action({"mine", "", ""}), Action::keep);
}

TEST_F(PlanTest, ForceStoresFirstWhatIsNowhereElse) {
  policy_.overwrite = Overwrite::forced;
  for (const Case& c : {Case{"mine", "old", "new"}, Case{"mine", "old", "old"}, Case{"mine", "", "new"}}) {
    const Step step = only(c);
    EXPECT_EQ(step.action, Action::replace) << c.base;
    EXPECT_TRUE(step.store_first) << c.base;
  }
  const Step gone = only({"mine", "old", ""});
  EXPECT_EQ(gone.action, Action::remove);
  EXPECT_TRUE(gone.store_first);
  EXPECT_EQ(action({"mine", "", ""}), Action::keep);
  store("mine");
  EXPECT_FALSE(only({"mine", "old", "new"}).store_first);
}

TEST_F(PlanTest, RemovesWhatIsKnownToBeElsewhereWhereItIsAsItWasPut) {
  policy_.overwrite = Overwrite::known;
  EXPECT_EQ(action({"old", "old", ""}), Action::remove);
  EXPECT_FALSE(only({"old", "old", ""}).store_first);
  EXPECT_EQ(action({"mine", "old", ""}), Action::keep_changed);
  EXPECT_EQ(action({"mine", "", ""}), Action::keep);
  policy_.changed = Changed::refuse;
  EXPECT_EQ(action({"old", "old", ""}), Action::remove);
  EXPECT_EQ(action({"mine", "old", ""}), Action::conflict);
}

TEST_F(PlanTest, NeverTakesAFileThatCannotBeRead) {
  policy_.overwrite = Overwrite::forced;
  EXPECT_EQ(at(plan({unread("")}, {file("", "old")}, {file("", "new")}), ""), Action::conflict);
  EXPECT_EQ(at(plan({unread("")}, {unread("")}, {}), ""), Action::keep);
}

TEST_F(PlanTest, RefusesAnyChangeSinceWhenAskedTo) {
  policy_.changed = Changed::refuse;
  store("old");
  store("mine");
  EXPECT_EQ(action({"old", "old", "new"}), Action::replace);
  EXPECT_EQ(action({"mine", "old", "new"}), Action::conflict);
  EXPECT_EQ(action({"mine", "", "new"}), Action::conflict);
  EXPECT_EQ(action({"mine", "old", ""}), Action::conflict);
  EXPECT_EQ(action({"old", "old", ""}), Action::remove);
  EXPECT_EQ(action({"new", "old", "new"}), Action::none);
  EXPECT_EQ(action({"mine", "old", "old"}), Action::keep_changed);
  EXPECT_EQ(action({"mine", "", ""}), Action::keep);
}

TEST_F(PlanTest, TakesEverythingThatIsStoredWhenAskedTo) {
  policy_.extent = Extent::everything;
  EXPECT_EQ(action({"mine", "", ""}), Action::conflict);
  store("mine");
  EXPECT_EQ(action({"mine", "", ""}), Action::remove);
  EXPECT_EQ(action({"mine", "old", ""}), Action::remove);
}

TEST_F(PlanTest, ChangesOnlyTheModeWhereTheBytesAreTheSame) {
  EXPECT_EQ(at(plan({file("", "a")}, {file("", "a")}, {program("", "a")}), ""), Action::set_mode);
  EXPECT_EQ(at(plan({program("", "a")}, {}, {file("", "a")}), ""), Action::set_mode);
  EXPECT_EQ(at(plan({program("", "a")}, {file("", "a")}, {file("", "a")}), ""), Action::keep_changed);
}

TEST_F(PlanTest, MakesRoomForAFileOnlyWhenAllInTheFolderMayGo) {
  const Listing present = {folder(""), folder("a"), file("a-b", "z"), file("a/x", "x"), file("a/y", "y")};
  const Listing base = {folder(""), folder("a"), file("a-b", "z"), file("a/x", "x")};
  const Listing wanted = {folder(""), file("a", "new"), file("a-b", "z")};
  store("x");
  Plan steps = plan(present, base, wanted);
  EXPECT_EQ(at(steps, "a"), Action::replace);
  EXPECT_EQ(at(steps, "a/x"), Action::remove);
  EXPECT_EQ(at(steps, "a/y"), Action::conflict);
  EXPECT_EQ(at(steps, "a-b"), Action::none);
  store("y");
  EXPECT_EQ(at(plan(present, base, wanted), "a/y"), Action::remove);
}

TEST_F(PlanTest, MakesRoomForAFolder) {
  store("x");
  const Plan steps = plan({folder(""), file("a", "x")}, {folder(""), file("a", "x")},
                          {folder(""), folder("a"), file("a/b", "b")});
  EXPECT_EQ(at(steps, "a"), Action::replace);
  EXPECT_EQ(at(steps, "a/b"), Action::create);
}

TEST_F(PlanTest, KeepsAFolderThatTheUserMadeOutOfAFile) {
  const Plan steps = plan({folder(""), folder("a"), file("a/b", "b")}, {folder(""), file("a", "x")},
                          {folder(""), file("a", "x")});
  EXPECT_EQ(at(steps, "a"), Action::keep_changed);
  EXPECT_EQ(at(steps, "a/b"), Action::keep);
}

TEST_F(PlanTest, RemovesFoldersOfItsOwnOnly) {
  const Plan steps =
      plan({folder(""), folder("mine"), folder("ours")}, {folder(""), folder("ours")}, {folder("")});
  EXPECT_EQ(at(steps, "ours"), Action::remove);
  EXPECT_EQ(at(steps, "mine"), Action::none);
}

TEST_F(PlanTest, TakesASymlinkForSafeOnlyAsCairnWroteIt) {
  const Listing root = {folder("")};
  EXPECT_EQ(at(plan({folder(""), symlink("l", "a")}, {folder(""), symlink("l", "a")}, root), "l"),
            Action::remove);
  EXPECT_EQ(at(plan({folder(""), symlink("l", "b")}, {folder(""), symlink("l", "a")}, root), "l"),
            Action::keep_changed);
  EXPECT_EQ(at(plan({folder(""), symlink("l", "b")}, root, {folder(""), symlink("l", "a")}), "l"),
            Action::conflict);
}

TEST_F(PlanTest, GoesBackToWhatWasThereWithoutTheUsersOwnFiles) {
  store("gone");
  store("old");
  const Plan steps =
      plan({folder(""), file("edited", "mine"), file("gone", "gone"), file("own", "own"), file("x", "old")},
           {folder(""), file("edited", "e"), file("gone", "gone"), file("x", "old")},
           {folder(""), file("edited", "e"), file("new", "new"), file("x", "new")});
  const Listing before = listing_before(steps);
  const Listing expected = {folder(""), file("edited", "e"), file("gone", "gone"), file("x", "old")};
  ASSERT_EQ(before.size(), expected.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(before[i].path, expected[i].path);
    EXPECT_TRUE(same_node(before[i], expected[i])) << before[i].path;
  }
}

TEST_F(PlanTest, NamesPathsThatDifferByCaseOnly) {
  EXPECT_THAT(
      case_twins(plan({}, {}, {folder(""), file("README", "a"), file("Readme", "b"), file("x", "c")})),
      ::testing::ElementsAre("Readme"));
}

TEST(TemporaryName, IsRecognisedAndFitsIntoAName) {
  EXPECT_TRUE(is_leftover_name(temporary_name("data.csv")));
  EXPECT_TRUE(is_leftover_name(temporary_name(std::string(255, 'n'))));
  EXPECT_LE(temporary_name(std::string(255, 'n')).size(), 255U);
  EXPECT_FALSE(is_leftover_name("data.csv"));
  EXPECT_FALSE(is_leftover_name(".data.csv.cairn-tmp-0123456789abcdeg"));
  EXPECT_FALSE(is_leftover_name("data.csv.cairn-tmp-0123456789abcdef"));
}

}  // namespace
}  // namespace cairn::project
