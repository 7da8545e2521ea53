// SPDX-License-Identifier: Apache-2.0
#include "project/status.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "support/matchers.h"
#include "unit/project/project_fixture.h"

namespace cairn::project {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DataStatus : public test::ProjectFixture {
 protected:
  StatusReport report() {
    auto result = status(workspace(), tracked(), context());
    EXPECT_OK(result);
    return result.ok() ? std::move(result).value() : StatusReport();
  }
  StatusEntry only() {
    const StatusReport all = report();
    EXPECT_EQ(all.entries.size(), 1U);
    return all.entries.empty() ? StatusEntry() : all.entries.front();
  }
  static std::vector<std::string> shown(const std::vector<FileChange>& changes) {
    static constexpr std::array<std::string_view, 5> kWords = {"added", "modified", "deleted", "type",
                                                               "renamed"};
    std::vector<std::string> out;
    for (const FileChange& change : changes) {
      std::string line(kWords.at(static_cast<std::size_t>(change.kind)));
      line += " " + (change.old_path.empty() ? "" : change.old_path + " > ") + change.path;
      out.push_back(std::move(line));
    }
    return out;
  }
};

TEST_F(DataStatus, IsCleanAfterTracking) {
  write("data.csv", "1");
  write("d/x", "1");
  track("data.csv");
  track("d");
  EXPECT_TRUE(report().is_clean());
  write("d/x", "1");  // written again with the same bytes
  EXPECT_TRUE(report().is_clean());
}

TEST_F(DataStatus, ListsWhatDiffersInAFolder) {
  write("d/a", "aa");
  write("d/moved", "moved content");
  write("d/sub/b", "bb");
  write("d/sub/gone", "gone");
  write("d/turned", "file");
  write("d/same/deep/x", "x");
  track("d");
  write("d/a", "changed");
  write("d/new", "new");
  std::filesystem::rename(root() + "/d/moved", root() + "/d/sub/here");
  std::filesystem::remove(root() + "/d/sub/gone");
  std::filesystem::permissions(root() + "/d/sub/b", std::filesystem::perms::owner_all);
  std::filesystem::remove(root() + "/d/turned");
  ASSERT_EQ(::symlink("a", (root() + "/d/turned").c_str()), 0);
  std::filesystem::create_directories(root() + "/d/empty");
  const StatusEntry entry = only();
  EXPECT_EQ(entry.state, DataState::modified);
  EXPECT_FALSE(entry.pointer_moved);
  EXPECT_THAT(shown(entry.changes),
              ElementsAre("modified d/a", "added d/empty", "added d/new", "modified d/sub/b",
                          "deleted d/sub/gone", "renamed d/moved > d/sub/here", "type d/turned"));
}

TEST_F(DataStatus, OfAnEditedFileIsModified) {
  write("data.csv", "1");
  track("data.csv");
  write("data.csv", "22");
  const StatusEntry entry = only();
  EXPECT_EQ(entry.state, DataState::modified);
  ASSERT_THAT(shown(entry.changes), ElementsAre("modified data.csv"));
  EXPECT_EQ(entry.changes[0].before->size, 1U);
  EXPECT_EQ(entry.changes[0].after->size, 2U);
}

TEST_F(DataStatus, OfAChangedExecutableBitIsModified) {
  write("tool", "1");
  track("tool");
  std::filesystem::permissions(root() + "/tool", std::filesystem::perms::owner_all);
  EXPECT_EQ(only().state, DataState::modified);
}

TEST_F(DataStatus, OfRemovedDataIsMissing) {
  write("data.csv", "1");
  track("data.csv");
  std::filesystem::remove(root() + "/data.csv");
  EXPECT_EQ(only().state, DataState::missing);
}

TEST_F(DataStatus, AfterThePointerMovedIsBehindAndNotModified) {
  write("d/x", "theirs");
  track("d");
  const std::string theirs = test::read_text(root() + "/d.cairn");
  write("d/x", "ours");
  track("d");
  write("d.cairn", theirs);  // as a merge does
  StatusEntry entry = only();
  EXPECT_EQ(entry.state, DataState::behind);
  EXPECT_THAT(entry.changes, IsEmpty());
  write("d/x", "edited too");
  entry = only();
  EXPECT_EQ(entry.state, DataState::modified);
  EXPECT_TRUE(entry.pointer_moved);
}

TEST_F(DataStatus, OfAnObjectThatIsNotInTheStoreIsNotStored) {
  Pointer pointer;
  pointer.object = {store::Family::tree, codec::hash(as_bytes("elsewhere")), 5};
  write("d.cairn", write_pointer(pointer));
  EXPECT_EQ(only().state, DataState::not_stored);
  write("d/x", "a user's own");
  const StatusEntry entry = only();
  EXPECT_EQ(entry.state, DataState::modified);
  EXPECT_FALSE(entry.stored);
  ASSERT_EQ(entry.changes.size(), 1U);
  EXPECT_TRUE(entry.changes[0].unlisted);
}

TEST_F(DataStatus, OfAFolderWithASpecialFileIsUnreadable) {
  write("d/x", "1");
  track("d");
  ASSERT_EQ(::mkfifo((root() + "/d/pipe").c_str(), 0600), 0);
  const StatusReport all = report();
  ASSERT_EQ(all.entries.size(), 1U);
  EXPECT_EQ(all.entries[0].state, DataState::unreadable);
  ASSERT_EQ(all.entries[0].errors.size(), 1U);
  EXPECT_THAT(all.entries[0].errors[0].message(), HasSubstr("d/pipe"));
  EXPECT_FALSE(all.is_clean());
}

TEST_F(DataStatus, OfAFileThatBecameAFolderIsModified) {
  write("x", "1");
  track("x");
  std::filesystem::remove(root() + "/x");
  write("x/inner", "2");
  const StatusEntry entry = only();
  EXPECT_EQ(entry.state, DataState::modified);
  EXPECT_THAT(shown(entry.changes), ElementsAre("type x", "added x/inner"));
}

}  // namespace
}  // namespace cairn::project
