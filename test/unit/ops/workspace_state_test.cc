// SPDX-License-Identifier: Apache-2.0
#include "ops/workspace_state.h"

#include <filesystem>

#include "ops/recorder.h"
#include "support/matchers.h"
#include "unit/project/project_fixture.h"

namespace cairn::ops {
namespace {

using pipeline::PathState;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class WorkspaceStateTest : public test::ProjectFixture {
 protected:
  /// What a new command would see.
  std::optional<PathState> now(const std::string& path) {
    reopen();
    const Context with = context();
    auto state = WorkspaceState(workspace(), with).path(path);
    EXPECT_OK(state);
    return state.ok() ? *state : std::nullopt;
  }
  void remove(const std::string& path) const { std::filesystem::remove_all(root() + "/" + path); }
};

TEST_F(WorkspaceStateTest, NothingStandsAtAMissingPath) {
  EXPECT_EQ(now("nothing"), std::nullopt);
}

TEST_F(WorkspaceStateTest, FilesThatGitIgnoresDoNotCountInAFolder) {
  write("src/a.py", "a");
  write(".gitignore", "*.pyc\n/src/cache/\n");
  const auto before = now("src");
  write("src/__pycache__/a.pyc", "compiled");
  write("src/cache/deep/x", "cached");
  EXPECT_EQ(now("src"), before);
  write("src/b.py", "b");
  EXPECT_NE(now("src"), before);
}

TEST_F(WorkspaceStateTest, FoldersWithoutFilesDoNotCount) {
  write("src/a.py", "a");
  const auto before = now("src");
  std::filesystem::create_directories(root() + "/src/empty/deep");
  EXPECT_EQ(now("src"), before);
}

TEST_F(WorkspaceStateTest, WhatCairnKeepsInsideAFolderCountsThoughGitIgnoresIt) {
  write("all/hand.txt", "hand");
  write("all/build/made.txt", "1");
  track("all/build/made.txt");
  write(".gitignore", "made.txt\nbuild/\n");
  const auto before = now("all");
  ASSERT_TRUE(before.has_value());
  EXPECT_EQ(before->files, 2U);
  write("all/build/made.txt", "2");
  EXPECT_NE(now("all"), before);
}

TEST_F(WorkspaceStateTest, InKeptDataAllFilesCount) {
  write("data/a", "a");
  track("data");
  write(".gitignore", "*.log\n");
  const auto before = now("data");
  write("data/b.log", "b");
  EXPECT_NE(now("data"), before);
  remove("data/b.log");
  EXPECT_EQ(now("data"), before);
  std::filesystem::create_directories(root() + "/data/empty");
  EXPECT_NE(now("data"), before);
}

TEST_F(WorkspaceStateTest, RemembersUntilForget) {
  const Context with = context();
  WorkspaceState state(workspace(), with);
  write("sub/file", "1");
  ASSERT_OK_AND_ASSIGN(const auto before, state.path("sub/file"));
  write("sub/file", "other");
  ASSERT_OK_AND_ASSIGN(const auto remembered, state.path("sub/file"));
  EXPECT_EQ(remembered, before);
  state.forget("sub");
  ASSERT_OK_AND_ASSIGN(const auto after, state.path("sub/file"));
  EXPECT_NE(after, before);
}

TEST_F(WorkspaceStateTest, ParamsFilesAreReadByTheirSuffix) {
  write("p.yaml", "lr: 0x10\n");
  write("p.json", "{\"lr\": 16}");
  write("p.toml", "lr = 0x10\n");
  write("p.py", "import os\nlr = 0x10\nos.remove('p.json')\n");
  const Context with = context();
  WorkspaceState state(workspace(), with);
  for (const char* file : {"p.py", "p.yaml", "p.json", "p.toml"}) {
    ASSERT_OK_AND_ASSIGN(const text::Value* found, state.params(file));
    ASSERT_NE(found, nullptr) << file;
    EXPECT_EQ(text::canonical(*found), R"({"lr":16})") << file;
  }
}

TEST_F(WorkspaceStateTest, NamesWhatDiffersInAFolderWhoseStateWasKept) {
  write("src/same", "same");
  write("src/changed", "1");
  write("src/gone", "gone");
  pipeline::Stage stage;
  stage.deps.push_back({"src", {}});
  const Context with = context();
  WorkspaceState state(workspace(), with);
  ASSERT_OK_AND_ASSIGN(const auto before, state.path("src"));
  ASSERT_TRUE(before.has_value());
  ASSERT_OK_AND_ASSIGN(const auto unknown, state.compare("src", *before));
  EXPECT_THAT(unknown, IsEmpty());
  std::mutex shared;
  ASSERT_OK_AND_ASSIGN(Locks locks, Locks::load(workspace(), pipeline::Graph()));
  Recorder recorder(workspace(), locks, shared, with);
  EXPECT_OK(state.keep_trees(stage, recorder));
  EXPECT_OK(recorder.finish());
  write("src/changed", "22");
  remove("src/gone");
  write("src/sub/new", "new");
  state.forget("src");
  ASSERT_OK_AND_ASSIGN(const auto lines, state.compare("src", *before));
  EXPECT_THAT(lines, ElementsAre("modified src/changed", "deleted src/gone", "added src/sub/new"));
}

}  // namespace
}  // namespace cairn::ops
