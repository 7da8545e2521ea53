// SPDX-License-Identifier: Apache-2.0
#include "git/layout.h"

#include <filesystem>

#include "support/matchers.h"
#include "unit/git/git_fixture.h"

namespace cairn::git {
namespace {

namespace fs = std::filesystem;
using test::FailsWith;
using test::GitFixture;
using test::ScopedEnv;
using test::write_text;

/// "work tree|git dir|common dir", relative to the fixture's folder; "none" without a repository.
std::string found(const GitFixture& fixture, const std::string& start) {
  auto layout = find_layout(start);
  EXPECT_OK(layout);
  if (!layout.ok() || !*layout) {
    return "none";
  }
  const Layout& at = **layout;
  EXPECT_EQ(at.bare, at.work_tree.empty());
  std::string text = at.work_tree + "|" + at.git_dir + "|" + at.common_dir;
  std::string top = fs::canonical(fixture.path()).string() + "/";
  for (std::size_t i = text.find(top); i != std::string::npos; i = text.find(top)) {
    text.erase(i, top.size());
  }
  return text;
}

TEST(Layout, is_found_from_the_top_and_from_below) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  fs::create_directories(top + "/a/b");
  EXPECT_EQ(found(fixture, top), "repo|repo/.git|repo/.git");
  EXPECT_EQ(found(fixture, top + "/a/b"), "repo|repo/.git|repo/.git");
}

TEST(Layout, is_absent_outside_a_repository) {
  GitFixture fixture;
  fs::create_directories(fixture / "x/.git");
  EXPECT_EQ(found(fixture, fixture / "x"), "none");
  EXPECT_THAT(find_layout(fixture / "missing"), FailsWith(Code::not_found, "missing"));
}

TEST(Layout, resolves_symlinks_of_the_start) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  fs::create_directories(top + "/a");
  fs::create_directory_symlink(top + "/a", fixture / "link");
  EXPECT_EQ(found(fixture, fixture / "link"), "repo|repo/.git|repo/.git");
}

TEST(Layout, of_a_linked_work_tree_shares_the_common_folder) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  fixture.commit(top, "f", "1");
  fixture.git(top, {"worktree", "add", "-q", fixture / "linked"});
  EXPECT_EQ(found(fixture, fixture / "linked"), "linked|repo/.git/worktrees/linked|repo/.git");
}

TEST(Layout, of_a_linked_work_tree_of_a_bare_repository_is_not_bare) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  fixture.commit(top, "f", "1");
  fixture.git(fixture.path(), {"clone", "-q", "--bare", top, fixture / "bare.git"});
  fixture.git(fixture / "bare.git", {"worktree", "add", "-q", fixture / "linked", "main"});
  EXPECT_EQ(found(fixture, fixture / "bare.git"), "|bare.git|bare.git");
  EXPECT_EQ(found(fixture, fixture / "bare.git/refs"), "|bare.git|bare.git");
  EXPECT_EQ(found(fixture, fixture / "linked"), "linked|bare.git/worktrees/linked|bare.git");
}

TEST(Layout, of_a_submodule_has_its_own_git_folder) {
  GitFixture fixture;
  std::string inner = fixture.init("inner");
  fixture.commit(inner, "f", "1");
  std::string top = fixture.init("repo");
  fixture.git(top, {"submodule", "--quiet", "add", inner, "lib/sub"});
  EXPECT_EQ(found(fixture, top + "/lib/sub"),
            "repo/lib/sub|repo/.git/modules/lib/sub|repo/.git/modules/lib/sub");
}

TEST(Layout, of_a_git_file_to_a_bare_folder_follows_core_bare) {
  GitFixture fixture;
  fixture.init("repo", {"--separate-git-dir=" + fixture / "store.git"});
  EXPECT_EQ(found(fixture, fixture / "repo"), "repo|store.git|store.git");
  fixture.git(fixture / "repo", {"config", "core.bare", "true"});
  EXPECT_EQ(found(fixture, fixture / "repo"), "|store.git|store.git");
}

TEST(Layout, refuses_a_git_file_that_leads_nowhere) {
  GitFixture fixture;
  write_text(fixture / "a/.git", "gitdir: ../gone\n");
  write_text(fixture / "b/.git", "nonsense\n");
  EXPECT_THAT(find_layout(fixture / "a"), FailsWith(Code::malformed, "gone"));
  EXPECT_THAT(find_layout(fixture / "b"), FailsWith(Code::malformed, "gitdir"));
}

TEST(Layout, honours_git_dir_as_hooks_get_it) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  fs::create_directories(fixture / "elsewhere");
  {
    ScopedEnv git_dir("GIT_DIR", ".git");
    EXPECT_EQ(found(fixture, top), "repo|repo/.git|repo/.git");
    EXPECT_THAT(find_layout(fixture / "elsewhere"), FailsWith(Code::malformed, "GIT_DIR"));
  }
  {
    ScopedEnv git_dir("GIT_DIR", top + "/.git");
    EXPECT_EQ(found(fixture, fixture / "elsewhere"), "elsewhere|repo/.git|repo/.git");
    ScopedEnv work_tree("GIT_WORK_TREE", top);
    EXPECT_EQ(found(fixture, fixture / "elsewhere"), "repo|repo/.git|repo/.git");
  }
  {
    ScopedEnv git_dir("GIT_DIR", ".");
    EXPECT_EQ(found(fixture, top + "/.git"), "|repo/.git|repo/.git");
  }
}

TEST(Layout, honours_git_common_dir) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  fixture.commit(top, "f", "1");
  fixture.git(top, {"worktree", "add", "-q", fixture / "linked"});
  fs::remove(top + "/.git/worktrees/linked/commondir");
  ScopedEnv common("GIT_COMMON_DIR", "../repo/.git");
  EXPECT_EQ(found(fixture, fixture / "linked"), "linked|repo/.git/worktrees/linked|repo/.git");
}

TEST(Layout, honours_core_worktree) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  fixture.git(top, {"config", "core.worktree", "../../files"});
  EXPECT_EQ(found(fixture, top), "files|repo/.git|repo/.git");
}

TEST(Layout, reads_the_work_trees_own_configuration) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  fixture.commit(top, "f", "1");
  fixture.git(top, {"worktree", "add", "-q", fixture / "linked"});
  fixture.git(top, {"config", "extensions.worktreeConfig", "true"});
  fixture.git(fixture / "linked", {"config", "--worktree", "core.worktree", fixture / "files"});
  EXPECT_EQ(found(fixture, top), "repo|repo/.git|repo/.git");
  EXPECT_EQ(found(fixture, fixture / "linked"), "files|repo/.git/worktrees/linked|repo/.git");
}

TEST(Layout, does_not_look_above_a_ceiling) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  fs::create_directories(top + "/a/b");
  ScopedEnv at_top("GIT_CEILING_DIRECTORIES", "/nowhere:" + top);
  EXPECT_EQ(found(fixture, top + "/a/b"), "none");
  EXPECT_EQ(found(fixture, top), "repo|repo/.git|repo/.git");
  ScopedEnv above("GIT_CEILING_DIRECTORIES", fixture.path());
  EXPECT_EQ(found(fixture, top + "/a/b"), "repo|repo/.git|repo/.git");
}

}  // namespace
}  // namespace cairn::git
