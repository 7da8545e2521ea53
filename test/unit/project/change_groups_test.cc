// SPDX-License-Identifier: Apache-2.0
#include "project/change_groups.h"

#include <gmock/gmock.h>

#include <limits>

namespace cairn::project {
namespace {

using ::testing::ElementsAre;

constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

FileChange added(std::string path) {
  FileChange change;
  change.kind = ChangeKind::added;
  change.path = std::move(path);
  change.after = ChangeSide();
  return change;
}

FileChange renamed(std::string from, std::string path) {
  FileChange change = added(std::move(path));
  change.kind = ChangeKind::renamed;
  change.old_path = std::move(from);
  change.before = ChangeSide();
  return change;
}

std::vector<FileChange> all_added(const std::vector<std::string>& paths) {
  std::vector<FileChange> changes;
  changes.reserve(paths.size());
  for (const std::string& path : paths) {
    changes.push_back(added(path));
  }
  return changes;
}

std::vector<std::string> shown(const std::vector<ChangeGroup>& groups) {
  std::vector<std::string> out;
  for (const ChangeGroup& group : groups) {
    out.push_back(group.folder.empty() ? group.changes.front().path
                                       : (group.from.empty() ? "" : group.from + " > ") + group.folder +
                                             "/ " + std::to_string(group.changes.size()));
  }
  return out;
}

TEST(GroupByFolder, KeepsShortFoldersAndTheTop) {
  const auto changes = all_added({"a", "b", "c", "d/1", "d/2"});
  EXPECT_THAT(shown(group_by_folder(changes, 2)), ElementsAre("a", "b", "c", "d/1", "d/2"));
  EXPECT_TRUE(group_by_folder({}, 2).empty());
}

TEST(GroupByFolder, ALongFolderIsOneLine) {
  const auto changes = all_added({"d-x", "d/1", "d/2", "d/3", "d0"});
  EXPECT_THAT(shown(group_by_folder(changes, 2)), ElementsAre("d-x", "d/ 3", "d0"));
  EXPECT_THAT(shown(group_by_folder(changes, 3)), ElementsAre("d-x", "d/1", "d/2", "d/3", "d0"));
}

TEST(GroupByFolder, CountsLinesFromBelow) {
  const auto changes = all_added({"d/a/1", "d/a/2", "d/a/3", "d/b/1", "d/b/2", "d/b/3"});
  EXPECT_THAT(shown(group_by_folder(changes, 2)), ElementsAre("d/a/ 3", "d/b/ 3"));
  EXPECT_THAT(shown(group_by_folder(changes, 1)), ElementsAre("d/ 6"));
  EXPECT_EQ(group_by_folder(changes, kAll).size(), 6U);
}

TEST(GroupByFolder, AFolderThatMovedNamesWhereFrom) {
  EXPECT_THAT(
      shown(group_by_folder(std::vector{renamed("old/1", "new/1"), renamed("old/in/2", "new/in/2")}, 1)),
      ElementsAre("old > new/ 2"));
  EXPECT_THAT(shown(group_by_folder(std::vector{renamed("old/1", "new/1"), renamed("old/3", "new/2")}, 1)),
              ElementsAre("new/ 2"));
  EXPECT_THAT(shown(group_by_folder(std::vector{renamed("old/1", "new/1"), renamed("other/2", "new/2")}, 1)),
              ElementsAre("new/ 2"));
  EXPECT_THAT(shown(group_by_folder(std::vector{renamed("old/1", "new/1"), added("new/2")}, 1)),
              ElementsAre("new/ 2"));
}

TEST(GroupByTracked, IsOneForEachTrackedPath) {
  const auto changes = all_added({"data/a/1", "data/a/in/2", "data/b", "other/x"});
  EXPECT_THAT(shown(group_by_tracked(changes, {"data/a", "data/b"})),
              ElementsAre("data/a/ 2", "data/b", "other/x"));
}

}  // namespace
}  // namespace cairn::project
