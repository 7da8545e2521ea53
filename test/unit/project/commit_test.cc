// SPDX-License-Identifier: Apache-2.0
#include "project/commit.h"

#include <filesystem>

#include "support/matchers.h"
#include "unit/project/verbs_fixture.h"

namespace cairn::project {
namespace {

class CommitTest : public test::VerbsFixture {
 protected:
  AddReport commit() {
    reopen();
    Result<AddReport> report = project::commit(workspace(), tracked(), {}, context());
    EXPECT_OK(report);
    return *report;
  }

  static AddOutcome outcome(const AddReport& report, const std::string& path) {
    for (const AddedPath& added : report.paths) {
      if (added.path == path) {
        return added.outcome;
      }
    }
    ADD_FAILURE() << path;
    return AddOutcome::added;
  }
};

TEST_F(CommitTest, RecordsWhatChangedAndNothingElse) {
  write("same", "s");
  write("changed", "c");
  write("gone", "g");
  write("untracked", "u");
  add({"same", "changed", "gone"});
  write("changed", "c2");
  erase("gone");
  const std::string gone = pointer("gone");
  const AddReport report = commit();
  EXPECT_EQ(report.paths.size(), 3U);
  EXPECT_EQ(outcome(report, "same"), AddOutcome::unchanged);
  EXPECT_EQ(outcome(report, "changed"), AddOutcome::modified);
  EXPECT_EQ(outcome(report, "gone"), AddOutcome::missing);
  EXPECT_EQ(pointer("gone"), gone);
  erase("changed");
  checkout();
  EXPECT_EQ(read("changed"), "c2");
}

TEST_F(CommitTest, DoesNotStoreAgainWhatOnlyTheStoreLacks) {
  write("data", "content");
  add_one("data");
  std::filesystem::remove_all(workspace().paths().store + "/packs");
  std::filesystem::remove_all(workspace().paths().store + "/index");
  const AddReport report = commit();
  EXPECT_EQ(outcome(report, "data"), AddOutcome::unchanged);
  EXPECT_EQ(report.stored_bytes, 0U);
  ASSERT_OK_AND_ASSIGN(const store::Store* store, workspace().store());
  EXPECT_FALSE(store->has(*report.paths.at(0).object));
}

TEST_F(CommitTest, RefusesDataThatIsOlderThanItsPointer) {
  write("data", "old");
  add_one("data");
  const std::string old = pointer("data");
  write("data", "newer");
  add_one("data");
  const std::string newer = pointer("data");
  set_pointer("data", old);
  checkout();
  set_pointer("data", newer);
  const AddReport report = commit();
  ASSERT_EQ(report.failed(), 1U);
  EXPECT_EQ(report.paths.at(0).error->code(), Code::conflict);
  EXPECT_EQ(pointer("data"), newer);
}

}  // namespace
}  // namespace cairn::project
