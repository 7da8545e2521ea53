// SPDX-License-Identifier: Apache-2.0
#include "project/diff.h"

#include <array>
#include <filesystem>

#include "project/list.h"
#include "support/matchers.h"
#include "support/store_fixture.h"
#include "unit/project/project_fixture.h"

namespace cairn::project {
namespace {

using test::FailsWith;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> shown(const DiffReport& report) {
  static constexpr std::array<std::string_view, 5> kWords = {"added", "modified", "deleted", "type",
                                                             "renamed"};
  std::vector<std::string> out;
  for (const FileChange& change : report.changes) {
    std::string line(kWords.at(static_cast<std::size_t>(change.kind)));
    line += " " + (change.old_path.empty() ? "" : change.old_path + " > ") + change.path;
    out.push_back(line + (change.unlisted ? " unlisted" : ""));
  }
  return out;
}

class DataDiff : public test::ProjectFixture {
 protected:
  DiffReport revisions(const std::vector<Tracked>& before, const std::vector<Tracked>& after) {
    auto result = diff_revisions(workspace(), before, after);
    EXPECT_OK(result);
    return result.ok() ? std::move(result).value() : DiffReport();
  }
  DiffReport with_workspace(const std::vector<Tracked>& before) {
    auto result = diff_workspace(workspace(), before, tracked(), context());
    EXPECT_OK(result);
    return result.ok() ? std::move(result).value() : DiffReport();
  }
};

TEST_F(DataDiff, OfEqualRevisionsIsEmpty) {
  write("d/x", "1");
  track("d");
  EXPECT_TRUE(revisions(tracked(), tracked()).is_empty());
  EXPECT_TRUE(with_workspace(tracked()).is_empty());
}

TEST_F(DataDiff, BetweenRevisionsGoesDownToFiles) {
  write("d/keep/x", "same");
  write("d/a", "before");
  write("d/old", "moved content");
  write("plain", "1");
  track("d");
  track("plain");
  const std::vector<Tracked> before = tracked();
  write("d/a", "after!!");
  write("d/b", "added");
  std::filesystem::rename(root() + "/d/old", root() + "/d/keep/new");
  track("d");
  std::filesystem::remove(root() + "/plain.cairn");
  const DiffReport report = revisions(before, tracked());
  EXPECT_THAT(shown(report),
              ElementsAre("modified d/a", "added d/b", "renamed d/old > d/keep/new", "deleted plain"));
  const DiffTotals totals = count_changes(report.changes);
  EXPECT_EQ(totals.modified, 1U);
  EXPECT_EQ(totals.added, 1U);
  EXPECT_EQ(totals.bytes_added, 5U);
  EXPECT_EQ(totals.renamed, 1U);
  EXPECT_EQ(totals.bytes_deleted, 1U);
}

TEST_F(DataDiff, OfAFolderThatMovedIsOneRename) {
  write("d/a", "1");
  write("d/b", "2");
  track("d");
  const std::vector<Tracked> before = tracked();
  std::filesystem::rename(root() + "/d", root() + "/e");
  std::filesystem::rename(root() + "/d.cairn", root() + "/e.cairn");
  EXPECT_THAT(shown(revisions(before, tracked())), ElementsAre("renamed d > e"));
}

TEST_F(DataDiff, FindsFilesThatMovedFromOneFolderToAnother) {
  write("d/a", "content");
  write("d/b", "other");
  write("e/x", "1");
  track("d");
  track("e");
  const std::vector<Tracked> before = tracked();
  std::filesystem::rename(root() + "/d/a", root() + "/e/in");
  track("d");
  track("e");
  EXPECT_THAT(shown(revisions(before, tracked())), ElementsAre("renamed d/a > e/in"));
}

TEST_F(DataDiff, SaysHowMuchOfAFileIsNew) {
  const std::string large(as_text(test::random_bytes(2 << 20, 3)));
  write("large", large);
  write("mode", "content");
  track("large");
  track("mode");
  const std::vector<Tracked> before = tracked();
  write("large", large + "more");
  track("large");
  std::filesystem::permissions(root() + "/mode", std::filesystem::perms::owner_all);
  track("mode");
  const DiffReport report = revisions(before, tracked());
  ASSERT_THAT(shown(report), ElementsAre("modified large", "modified mode"));
  EXPECT_GE(report.changes[0].changed_bytes, 4U);
  EXPECT_LE(report.changes[0].changed_bytes, (256U << 10) + 4);
  EXPECT_EQ(report.changes[1].changed_bytes, 0U);
  EXPECT_EQ(count_changes(report.changes).bytes_changed, *report.changes[0].changed_bytes);

  write("large", large + "not stored");
  const DiffReport unknown = with_workspace(before);
  ASSERT_THAT(shown(unknown), ElementsAre("modified large", "modified mode"));
  EXPECT_FALSE(unknown.changes[0].changed_bytes);
  EXPECT_EQ(count_changes(unknown.changes).bytes_changed, large.size() + 10);
}

TEST_F(DataDiff, OfEmptyFilesIsNoRename) {
  write("d/a", "");
  track("d");
  const std::vector<Tracked> before = tracked();
  std::filesystem::rename(root() + "/d/a", root() + "/d/b");
  track("d");
  EXPECT_THAT(shown(revisions(before, tracked())), ElementsAre("deleted d/a", "added d/b"));
}

TEST_F(DataDiff, WithTheWorkspaceSeesEditsAndMissingData) {
  write("d/a", "1");
  write("gone", "1");
  track("d");
  track("gone");
  write("d/a", "22");
  std::filesystem::remove(root() + "/gone");
  EXPECT_THAT(shown(with_workspace(tracked())), ElementsAre("modified d/a", "deleted gone"));
}

TEST_F(DataDiff, WithTheWorkspaceSeesWhatIsTrackedOnlyNow) {
  write("d/a", "1");
  track("d");
  EXPECT_THAT(shown(with_workspace({})), ElementsAre("added d/a"));
}

TEST_F(DataDiff, OfFoldersThatAreNotInTheStoreIsUnlisted) {
  Tracked one;
  one.path = "d";
  one.object = {store::Family::tree, codec::hash(as_bytes("a")), 1};
  Tracked other = one;
  other.object.id = codec::hash(as_bytes("b"));
  EXPECT_THAT(shown(revisions({one}, {other})), ElementsAre("modified d unlisted"));
}

class DataList : public test::ProjectFixture {
 protected:
  void SetUp() override {
    ProjectFixture::SetUp();
    write("d/a", "1");
    write("d/sub/b", "22");
    write("e/plain", "333");
    track("d");
    track("e/plain");
  }
  std::vector<std::string> paths(const std::string& path, ListDepth depth) {
    auto result = list_tracked(workspace(), tracked(), path, depth);
    EXPECT_OK(result);
    std::vector<std::string> out;
    for (const ListEntry& entry : result.ok() ? *result : std::vector<ListEntry>()) {
      out.push_back(entry.path);
    }
    return out;
  }
};

TEST_F(DataList, OfTheProjectHasTheTrackedPaths) {
  EXPECT_THAT(paths("", ListDepth::one), ElementsAre("d", "e/plain"));
  EXPECT_THAT(paths("", ListDepth::all), ElementsAre("d", "d/a", "d/sub", "d/sub/b", "e/plain"));
  EXPECT_THAT(paths("e", ListDepth::one), ElementsAre("e/plain"));
}

TEST_F(DataList, OfATrackedFolderHasWhatIsInIt) {
  EXPECT_THAT(paths("d", ListDepth::one), ElementsAre("d/a", "d/sub"));
  EXPECT_THAT(paths("d", ListDepth::all), ElementsAre("d/a", "d/sub", "d/sub/b"));
  EXPECT_THAT(paths("d/sub", ListDepth::one), ElementsAre("d/sub/b"));
  EXPECT_THAT(paths("d/sub/b", ListDepth::one), ElementsAre("d/sub/b"));
}

TEST_F(DataList, TellsSizesAndPointers) {
  ASSERT_OK_AND_ASSIGN(const auto entries, list_tracked(workspace(), tracked(), "", ListDepth::one));
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].size, 3U);
  EXPECT_EQ(entries[0].files, 2U);
  EXPECT_EQ(entries[0].declared_in, "d.cairn");
  EXPECT_EQ(entries[1].id, codec::hash(as_bytes("333")));
  EXPECT_EQ(entries[1].files, std::nullopt);
}

TEST_F(DataList, OfAnythingElseIsNotFound) {
  for (const char* path : {"nothing", "d/nothing", "d/a/below", "e/plain/below"}) {
    EXPECT_THAT(list_tracked(workspace(), tracked(), path, ListDepth::one), FailsWith(Code::not_found, path));
  }
}

TEST_F(DataList, OfAFolderThatIsNotInTheStoreNamesTheNextCommand) {
  Tracked away;
  away.path = "away";
  away.object = {store::Family::tree, codec::hash(as_bytes("a")), 9};
  ASSERT_OK_AND_ASSIGN(const auto entries, list_tracked(workspace(), {away}, "", ListDepth::one));
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].files, std::nullopt);
  const auto inside = list_tracked(workspace(), {away}, "away", ListDepth::one);
  EXPECT_THAT(inside, FailsWith(Code::not_found, "'away'"));
  EXPECT_EQ(inside.error().hint(), "cairn fetch away");
}

}  // namespace
}  // namespace cairn::project
