// SPDX-License-Identifier: Apache-2.0
#include "project/remove.h"

#include "unit/project/verbs_fixture.h"

namespace cairn::project {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class RemoveTest : public test::VerbsFixture {
 protected:
  RemoveReport remove(const std::vector<std::string>& targets, const RemoveOptions& options = {}) {
    reopen();
    Result<std::vector<Tracked>> selected = select_tracked(tracked(), targets);
    EXPECT_OK(selected);
    Result<RemoveReport> report = project::remove(workspace(), *selected, options, context());
    EXPECT_OK(report);
    return *report;
  }

  static RemoveOptions outs(bool force = false) {
    RemoveOptions options;
    options.outs = true;
    options.force = force;
    return options;
  }
};

TEST_F(RemoveTest, DropsThePointerAndKeepsTheData) {
  write("a", "a");
  write("b", "b");
  add({"a", "b"});
  EXPECT_FALSE(remove({"a"}).paths.at(0).error);
  EXPECT_TRUE(exists("a"));
  EXPECT_FALSE(exists("a.cairn"));
  EXPECT_THAT(read(".gitignore"), Not(HasSubstr("/a\n")));
  EXPECT_THAT(read(".gitignore"), HasSubstr("/b\n"));
  checkout();  // must not take it for data whose pointer went away with a commit
  EXPECT_TRUE(exists("a"));
}

TEST_F(RemoveTest, TakesTheDataTooWhenAsked) {
  write("set/x", "x");
  add_one("set");
  const RemoveReport report = remove({"set"}, outs());
  EXPECT_THAT(report.paths.at(0).removed, ElementsAre("set"));
  EXPECT_FALSE(exists("set"));
  EXPECT_FALSE(exists("set.cairn"));
  EXPECT_FALSE(exists(".gitignore"));
}

TEST_F(RemoveTest, KeepsPointerAndDataThatIsNotStored) {
  write("set/x", "x");
  write("other", "o");
  add({"set", "other"});
  write("set/own", "mine");
  const RemoveReport report = remove({"set", "other"}, outs());
  EXPECT_THAT(test::find_path(report.paths, "set").conflicts, ElementsAre("set/own"));
  EXPECT_TRUE(exists("set.cairn"));
  EXPECT_THAT(names_below("set"), ElementsAre("own", "x"));
  EXPECT_FALSE(exists("other"));
  EXPECT_FALSE(exists("other.cairn"));
}

TEST_F(RemoveTest, StoresFirstWhatForceTakes) {
  write("set/x", "x");
  add_one("set");
  write("set/own", "mine");
  EXPECT_FALSE(remove({"set"}, outs(true)).paths.at(0).error);
  EXPECT_FALSE(exists("set"));
  ASSERT_OK_AND_ASSIGN(store::Store* const store, workspace().store());
  EXPECT_TRUE(store->has({store::Family::blob, test::id_of("mine"), 4}));
}

TEST_F(RemoveTest, DropsThePointerOfMissingData) {
  write("a", "a");
  add_one("a");
  erase("a");
  EXPECT_FALSE(remove({"a"}, outs()).paths.at(0).error);
  EXPECT_FALSE(exists("a.cairn"));
}

TEST_F(RemoveTest, RefusesOutputsOfStages) {
  Tracked output;
  output.path = "out";
  output.source = Tracked::Source::lock;
  output.stage = "train";
  ASSERT_OK_AND_ASSIGN(const RemoveReport report, project::remove(workspace(), {output}, {}, context()));
  EXPECT_EQ(report.paths.at(0).error->code(), Code::conflict);
}

TEST_F(RemoveTest, ChangesNothingInADryRun) {
  write("a", "a");
  add_one("a");
  RemoveOptions options = outs();
  options.dry_run = true;
  EXPECT_THAT(remove({"a"}, options).paths.at(0).removed, ElementsAre("a"));
  EXPECT_TRUE(exists("a"));
  EXPECT_TRUE(exists("a.cairn"));
}

}  // namespace
}  // namespace cairn::project
