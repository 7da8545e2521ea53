// SPDX-License-Identifier: Apache-2.0
#include "ops/recorded_data.h"

#include "support/matchers.h"

namespace cairn::ops {
namespace {

using cairn::test::FailsWith;
using pipeline::PathState;
using store::TreeEntry;
using store::TreeKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

store::Id id_of(const std::string& text) {
  return codec::hash(as_bytes(text));
}

TreeEntry entry(const std::string& name, TreeKind kind, std::uint64_t size) {
  TreeEntry entry;
  entry.name = name;
  entry.kind = kind;
  entry.id = id_of(name);
  entry.size = size;
  return entry;
}

/// out.bin, executable; data/: a.csv, link, run, sub/ with b.csv and c.txt; lost/, whose tree is unknown.
class RecordedDataTest : public ::testing::Test {
 protected:
  RecordedDataTest() {
    store::Tree sub{{entry("b.csv", TreeKind::file, 2), entry("c.txt", TreeKind::executable, 3)}};
    TreeEntry link;
    link.name = "link";
    link.kind = TreeKind::symlink;
    link.target = "a.csv";
    TreeEntry folder = entry("sub", TreeKind::folder, 5);
    folder.files = 2;
    store::Tree data{{entry("a.csv", TreeKind::file, 1), link, folder}};
    KnownTrees trees{{id_of("data"), data}, {id_of("sub"), sub}};
    absent_.emplace(
        std::map<std::string, PathState, std::less<>>{
            {"data", {{store::Family::tree, id_of("data"), 6}, 4, false}},
            {"lost", {{store::Family::tree, id_of("lost"), 9}, 1, false}},
            {"made/out.bin", {{store::Family::blob, id_of("out"), 7}, 0, true}}},
        std::move(trees));
  }
  [[nodiscard]] std::optional<PathState> find(const std::string& path) const {
    auto state = absent_->find(path);
    EXPECT_OK(state);
    return state.ok() ? *state : std::nullopt;
  }
  [[nodiscard]] std::vector<std::string> matches(const std::string& pattern) const {
    auto found = absent_->matches(pattern);
    EXPECT_OK(found);
    return found.ok() ? *found : std::vector<std::string>();
  }
  std::optional<RecordedData> absent_;
};

TEST_F(RecordedDataTest, FindsWhatIsRecordedAndWhatIsInsideIt) {
  EXPECT_EQ(find("made/out.bin"), (PathState{{store::Family::blob, id_of("out"), 7}, 0, true}));
  EXPECT_EQ(find("data/a.csv"), (PathState{{store::Family::blob, id_of("a.csv"), 1}, 0, false}));
  EXPECT_EQ(find("data/sub"), (PathState{{store::Family::tree, id_of("sub"), 5}, 2, false}));
  EXPECT_EQ(find("data/sub/c.txt"), (PathState{{store::Family::blob, id_of("c.txt"), 3}, 0, true}));
}

TEST_F(RecordedDataTest, FindsNothingElse) {
  EXPECT_EQ(find("other"), std::nullopt);
  EXPECT_EQ(find("made"), std::nullopt);
  EXPECT_EQ(find("made/out.bin/x"), std::nullopt);
  EXPECT_EQ(find("data/none"), std::nullopt);
  EXPECT_EQ(find("data/a.csv/x"), std::nullopt);
  EXPECT_EQ(find("data/link"), std::nullopt);
  EXPECT_EQ(find("dat"), std::nullopt);
}

TEST_F(RecordedDataTest, SaysWhereATreeIsNotKnown) {
  EXPECT_TRUE(find("lost").has_value());
  EXPECT_THAT(absent_->find("lost/a"), FailsWith(Code::not_found, "'lost'"));
  EXPECT_THAT(absent_->matches("lost/*.csv"), FailsWith(Code::not_found, "'lost'"));
  std::optional<project::Scan> scan;
  EXPECT_THAT(absent_->add_inside("", scan), FailsWith(Code::not_found, "'lost'"));
}

TEST_F(RecordedDataTest, GlobsMatchAsTheyWouldInTheWorkspace) {
  EXPECT_THAT(matches("data/*.csv"), ElementsAre("data/a.csv"));
  EXPECT_THAT(matches("data/**/*.csv"), ElementsAre("data/a.csv", "data/sub/b.csv"));
  EXPECT_THAT(matches("data/*"), ElementsAre("data/a.csv", "data/link", "data/sub"));
  EXPECT_THAT(matches("d*"), ElementsAre("data"));
  EXPECT_THAT(matches("ma*"), ElementsAre("made"));
  EXPECT_THAT(matches("made/*.bin"), ElementsAre("made/out.bin"));
  EXPECT_THAT(matches("data/[x"), IsEmpty());
}

TEST_F(RecordedDataTest, CompletesTheScanOfAFolderAroundIt) {
  std::optional<project::Scan> scan;
  ASSERT_OK(absent_->add_inside("made", scan));
  ASSERT_TRUE(scan.has_value());
  ASSERT_EQ(scan->files.size(), 1U);
  EXPECT_EQ(scan->files[0].path, "out.bin");
  EXPECT_EQ(scan->files[0].kind, TreeKind::executable);
  EXPECT_EQ(scan->files[0].id, id_of("out"));
}

TEST_F(RecordedDataTest, TakesThePlaceOfDataThatAScanFound) {
  RecordedData absent({{"top/data", {{store::Family::blob, id_of("x"), 1}, 0, false}},
                       {"top/in/deep", {{store::Family::blob, id_of("y"), 2}, 0, false}}},
                      {});
  std::optional<project::Scan> scan(std::in_place);
  scan->kind = os::Kind::folder;
  project::ScannedFile code;
  code.path = "f.py";
  code.id = id_of("code");
  project::ScannedFile other = code;
  other.path = "data";
  scan->files = {other, code};
  ASSERT_OK(absent.add_inside("top", scan));
  std::vector<std::string> paths;
  for (const project::ScannedFile& file : scan->files) {
    paths.push_back(file.path);
  }
  EXPECT_THAT(paths, ElementsAre("data", "f.py", "in", "in/deep"));
  EXPECT_EQ(scan->files[2].kind, TreeKind::folder);
  EXPECT_EQ(scan->files[0].id, id_of("x"));
  EXPECT_EQ(scan->files[1].id, id_of("code"));
}

TEST_F(RecordedDataTest, LeavesOtherScansAlone) {
  std::optional<project::Scan> scan;
  ASSERT_OK(absent_->add_inside("none", scan));
  EXPECT_FALSE(scan.has_value());
}

}  // namespace
}  // namespace cairn::ops
