// SPDX-License-Identifier: Apache-2.0
#include "project/workspace.h"

#include <unistd.h>

#include <filesystem>

#include "project/attributes.h"
#include "support/matchers.h"
#include "unit/project/project_fixture.h"

namespace cairn::project {
namespace {

using test::FailsWith;
using ::testing::HasSubstr;

class WorkspaceInGit : public test::ProjectFixture {};

TEST_F(WorkspaceInGit, KeepsItsStateInTheGitFolder) {
  const ProjectPaths& paths = workspace().paths();
  EXPECT_EQ(paths.root, root());
  EXPECT_EQ(paths.shared, root() + "/.git/cairn");
  EXPECT_EQ(paths.state, root() + "/.git/cairn/projects/root");
  EXPECT_EQ(paths.store, paths.shared);
  EXPECT_EQ(workspace().git_prefix(), "");
}

TEST_F(WorkspaceInGit, IsFoundFromAnyFolderInside) {
  std::filesystem::create_directories(root() + "/a/b");
  ASSERT_OK_AND_ASSIGN(const auto inner, Workspace::open(root() + "/a/b"));
  EXPECT_EQ(inner->paths().root, root());
}

TEST_F(WorkspaceInGit, InitWritesConfigAndAttributesOnce) {
  EXPECT_THAT(test::read_text(root() + "/.cairn/config"),
              ::testing::MatchesRegex("core:\n  format: 1\n  project: \"?[0-9a-f]{16}\"?\n"));
  EXPECT_EQ(test::read_text(root() + "/.gitattributes"),
            "*.cairn text eol=lf merge=cairn diff=cairn\ncairn.lock text eol=lf merge=cairn diff=cairn\n"
            ".gitignore merge=union\n");
  EXPECT_THAT(init_project(root(), WithGit::required), FailsWith(Code::exists, "already"));
}

TEST_F(WorkspaceInGit, InitKeepsAttributesThatAreThere) {
  const std::string inner = root() + "/inner";
  test::write_text(inner + "/.gitattributes", "*.cairn text eol=lf merge=cairn\n*.png binary");
  ASSERT_OK(init_project(inner, WithGit::required));
  EXPECT_EQ(test::read_text(inner + "/.gitattributes"),
            "*.cairn text eol=lf merge=cairn\n*.png binary\ncairn.lock text eol=lf merge=cairn diff=cairn\n"
            ".gitignore merge=union\n");
}

TEST_F(WorkspaceInGit, AttributesOfAnEarlierCairnAreCompleted) {
  const std::string path = root() + "/.gitattributes";
  test::write_text(path, "# ours\n*.cairn text eol=lf\r\ncairn.lock text eol=lf\n*.png binary");
  EXPECT_TRUE(check_attributes(root())->changed);
  ASSERT_OK_AND_ASSIGN(const AttributesReport report, complete_attributes(root()));
  EXPECT_TRUE(report.changed);
  EXPECT_TRUE(report.left.empty());
  EXPECT_EQ(test::read_text(path),
            "# ours\n*.cairn text eol=lf merge=cairn diff=cairn\r\n"
            "cairn.lock text eol=lf merge=cairn diff=cairn\n*.png binary\n.gitignore merge=union\n");
  EXPECT_FALSE(complete_attributes(root())->changed);
  EXPECT_FALSE(check_attributes(root())->changed);
}

TEST_F(WorkspaceInGit, AttributesThatTheUserChangedAreLeftAlone) {
  const std::string text =
      "*.cairn text eol=lf merge=binary\ncairn.lock merge=cairn diff=cairn\n.gitignore merge=ours\n";
  test::write_text(root() + "/.gitattributes", text);
  ASSERT_OK_AND_ASSIGN(const AttributesReport report, complete_attributes(root()));
  EXPECT_FALSE(report.changed);
  ASSERT_EQ(report.left.size(), 1u);
  EXPECT_EQ(report.left[0].line, "*.cairn text eol=lf merge=binary");
  EXPECT_EQ(report.left[0].wanted, "*.cairn text eol=lf merge=cairn diff=cairn");
  EXPECT_EQ(test::read_text(root() + "/.gitattributes"), text);
}

TEST_F(WorkspaceInGit, SeveralProjectsInOneRepositoryHaveAStateEach) {
  const std::string inner = root() + "/inner/project";
  std::filesystem::create_directories(inner);
  ASSERT_OK(init_project(inner, WithGit::required));
  ASSERT_OK_AND_ASSIGN(const auto project, Workspace::open(inner));
  EXPECT_EQ(project->git_prefix(), "inner/project");
  EXPECT_EQ(project->paths().shared, root() + "/.git/cairn");
  EXPECT_EQ(project->paths().state,
            root() + "/.git/cairn/projects/" + codec::hash(as_bytes("inner/project")).hex().substr(0, 16));
}

TEST_F(WorkspaceInGit, LinkedWorkTreesShareTheStoreOnly) {
  git("add -A && git commit -qm first && git worktree add -q ../linked");
  ASSERT_OK_AND_ASSIGN(const auto linked, Workspace::open(outer() + "/linked"));
  EXPECT_EQ(linked->paths().store, root() + "/.git/cairn");
  EXPECT_EQ(linked->paths().state, root() + "/.git/worktrees/linked/cairn/projects/root");
}

TEST_F(WorkspaceInGit, CacheDirMovesTheStore) {
  ASSERT_OK(workspace().config().set(ConfigLevel::local, "cache.dir", "../shared"));
  ASSERT_OK_AND_ASSIGN(const auto again, Workspace::open(root()));
  EXPECT_EQ(again->paths().store, outer() + "/shared");
}

TEST_F(WorkspaceInGit, UserPathsBecomeProjectPaths) {
  std::filesystem::create_directories(root() + "/a");
  const auto to = [this](std::string_view path, const std::string& folder) {
    return workspace().to_project_path(path, folder);
  };
  EXPECT_EQ(to("x", root() + "/a").value(), "a/x");
  EXPECT_EQ(to("../b/./c/", root() + "/a").value(), "b/c");
  EXPECT_EQ(to(".", root()).value(), "");
  EXPECT_EQ(to(root() + "/a/x", "/").value(), "a/x");
  EXPECT_THAT(to("../..", root()), FailsWith(Code::usage, "outside the project"));
  EXPECT_THAT(to(root() + "-other", root()), FailsWith(Code::usage, "outside the project"));
  EXPECT_THAT(to("", root()), FailsWith(Code::usage, "empty"));
  EXPECT_THAT(to(".git/config", root()), FailsWith(Code::usage, ".git"));
  ASSERT_EQ(::symlink(root().c_str(), (outer() + "/alias").c_str()), 0);
  EXPECT_EQ(to(outer() + "/alias/a/new", "/").value(), "a/new");
}

TEST_F(WorkspaceInGit, OfANewerFormatIsUnsupported) {
  test::write_text(root() + "/.cairn/config", "core:\n  format: 9\n");
  EXPECT_THAT(Workspace::open(root()), FailsWith(Code::unsupported, "format 9"));
}

TEST_F(WorkspaceInGit, IsNotFoundThroughASymlinkInPlaceOfItsFolder) {
  std::filesystem::rename(root() + "/.cairn", outer() + "/elsewhere");
  ASSERT_EQ(::symlink((outer() + "/elsewhere").c_str(), (root() + "/.cairn").c_str()), 0);
  EXPECT_THAT(Workspace::open(root()), FailsWith(Code::no_repository, "no cairn project"));
  EXPECT_THAT(init_project(root(), WithGit::required), FailsWith(Code::conflict, "in the way"));
}

TEST(Workspace, WithoutGitKeepsAllInItsOwnFolder) {
  const test::TempDir folder;
  const auto refused = init_project(folder.path(), WithGit::required);
  EXPECT_THAT(refused, FailsWith(Code::no_repository, "not inside a Git work tree"));
  ASSERT_OK(init_project(folder.path(), WithGit::no));
  ASSERT_OK_AND_ASSIGN(const auto workspace, Workspace::open(folder.path()));
  EXPECT_EQ(workspace->paths().store, workspace->paths().root + "/.cairn/local");
  EXPECT_EQ(test::read_text(folder / ".cairn/local/.gitignore"), "*\n");
  EXPECT_THAT(workspace->git(), FailsWith(Code::unsupported, "without Git"));
}

TEST(Workspace, IsNotThereWithoutAProject) {
  const test::TempDir folder;
  const auto result = Workspace::open(folder.path());
  EXPECT_THAT(result, FailsWith(Code::no_repository, "no cairn project"));
  EXPECT_THAT(result.error().hint(), HasSubstr("cairn init"));
}

TEST_F(WorkspaceInGit, SavesWhatItRecorded) {
  Materialised::Entry entry;
  entry.object.size = 3;
  ASSERT_OK_AND_ASSIGN(Materialised* const records, workspace().materialised());
  records->set("data", entry);
  ASSERT_OK(workspace().save());
  ASSERT_OK_AND_ASSIGN(const auto again, Workspace::open(root()));
  ASSERT_OK_AND_ASSIGN(Materialised* const read, again->materialised());
  ASSERT_NE(read->find("data"), nullptr);
  EXPECT_EQ(*read->find("data"), entry);
}

}  // namespace
}  // namespace cairn::project
