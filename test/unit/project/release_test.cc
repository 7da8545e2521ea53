// SPDX-License-Identifier: Apache-2.0
#include "project/release.h"

#include <filesystem>

#include "project/status.h"
#include "support/matchers.h"
#include "unit/project/project_fixture.h"

namespace cairn::project {
namespace {

namespace fs = std::filesystem;
using cairn::test::FailsWith;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ReleaseTest : public test::ProjectFixture {
 protected:
  void SetUp() override {
    ProjectFixture::SetUp();
    write("d/x", "one");
    write("d/sub/y", "two");
    track("d");
    write("file", "three");
    track("file");
  }
  /// Takes all content out of the store, as if it were elsewhere.
  void empty_store() {
    fs::remove_all(workspace().paths().store + "/packs");
    fs::remove_all(workspace().paths().store + "/index");
    reopen();
  }
  Result<ReleaseReport> release_all(bool dry_run = false) {
    return release(workspace(), tracked(), dry_run, context());
  }
  [[nodiscard]] bool stands(const std::string& path) const { return fs::exists(root() + "/" + path); }
};

TEST_F(ReleaseTest, RemovesWhatIsAsItsPointerSays) {
  ASSERT_OK_AND_ASSIGN(const ReleaseReport report, release_all());
  EXPECT_THAT(report.paths, ElementsAre("d", "file"));
  EXPECT_EQ(report.bytes, 11U);
  EXPECT_FALSE(stands("d"));
  EXPECT_FALSE(stands("file"));
  EXPECT_TRUE(stands("d.cairn"));
  EXPECT_FALSE(fs::exists(workspace().paths().undo()));
  ASSERT_OK_AND_ASSIGN(const ReleaseReport again, release_all());
  EXPECT_THAT(again.paths, IsEmpty());
}

TEST_F(ReleaseTest, NeedsNoCopyInTheStore) {
  empty_store();
  ASSERT_OK_AND_ASSIGN(const StatusReport before, status(workspace(), tracked(), context()));
  EXPECT_EQ(before.entries.at(0).state, DataState::unstored);
  EXPECT_EQ(before.entries.at(1).state, DataState::unstored);
  EXPECT_TRUE(before.is_clean());
  ASSERT_OK(release_all());
  EXPECT_FALSE(stands("d"));
  EXPECT_FALSE(stands("file"));
  ASSERT_OK_AND_ASSIGN(const StatusReport after, status(workspace(), tracked(), context()));
  EXPECT_EQ(after.entries.at(1).state, DataState::not_stored);
  EXPECT_FALSE(after.is_clean());
}

TEST_F(ReleaseTest, ADryRunOnlyLooks) {
  ASSERT_OK_AND_ASSIGN(const ReleaseReport report, release_all(true));
  EXPECT_THAT(report.paths, ElementsAre("d", "file"));
  EXPECT_TRUE(stands("d/sub/y"));
  EXPECT_TRUE(stands("file"));
}

TEST_F(ReleaseTest, OneChangedPathKeepsAll) {
  write("file", "edited");
  EXPECT_THAT(release_all(), FailsWith(Code::conflict, "'file' is not as its pointer says"));
  EXPECT_TRUE(stands("d/sub/y"));
  write("file", "three");
  write("d/new", "unknown");
  EXPECT_THAT(release_all(), FailsWith(Code::conflict, "'d' is not as its pointer says"));
  EXPECT_TRUE(stands("d/new"));
  EXPECT_TRUE(stands("file"));
}

TEST_F(ReleaseTest, WhatIsIgnoredStays) {
  write(".cairnignore", "*.log\n");
  write("d/run.log", "mine");
  ASSERT_OK(release_all());
  EXPECT_FALSE(stands("d/x"));
  EXPECT_TRUE(stands("d/run.log"));
}

}  // namespace
}  // namespace cairn::project
