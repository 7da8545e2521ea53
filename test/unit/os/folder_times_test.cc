// SPDX-License-Identifier: Apache-2.0
#include "os/folder_times.h"

#include "os/file.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::os {
namespace {

TEST(FolderTimes, FollowEntriesHereAndNothingIsLeft) {
  test::TempDir dir;
  EXPECT_TRUE(folder_times_follow_entries(dir.path()));
  EXPECT_THAT(list_folder(dir.path()).value(), ::testing::IsEmpty());
}

TEST(FolderTimes, AreNotTrustedWhereTheyCannotBeTried) {
  test::TempDir dir;
  EXPECT_FALSE(folder_times_follow_entries(dir / "missing"));
  EXPECT_FALSE(folder_times_follow_entries("/proc"));  // nothing can be made there
}

}  // namespace
}  // namespace cairn::os
