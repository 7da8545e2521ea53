// SPDX-License-Identifier: Apache-2.0
// Repositories that are laid out or configured in a special way.
#include <unistd.h>

#include <filesystem>

#include "git/repository.h"
#include "support/matchers.h"
#include "unit/git/git_fixture.h"

namespace cairn::git {
namespace {

namespace fs = std::filesystem;
using test::FailsWith;
using test::GitFixture;
using test::open_at;
using test::ScopedEnv;
using test::write_text;
using testing::Optional;

TEST(Repository, refuses_sha256_names) {
  GitFixture fixture;
  std::string top = fixture.init("repo", {"--object-format=sha256"});
  EXPECT_THAT(open_at(top), FailsWith(Code::unsupported, "sha256"));
}

TEST(Repository, refuses_unknown_extensions) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  write_text(top + "/.git/config",
             "[core]\nrepositoryformatversion = 1\nbare = false\n[extensions]\nstrange = 1\n");
  EXPECT_THAT(open_at(top), FailsWith(Code::unsupported, "strange"));
}

TEST(Repository, refuses_another_users_repository_with_gits_advice) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root can make one";
  }
  GitFixture fixture;
  std::string top = fixture.init("repo");
  ASSERT_EQ(::lchown(top.c_str(), 12345, 12345), 0);
  ASSERT_EQ(::lchown((top + "/.git").c_str(), 12345, 12345), 0);
  auto opened = open_at(top);
  ASSERT_THAT(opened, FailsWith(Code::permission, "owned by another user"));
  EXPECT_THAT(opened.error().hint(), testing::HasSubstr("git config --global --add safe.directory " + top));
}

TEST(Repository, opens_a_bare_one) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  std::string head = fixture.commit(top, "x.cairn", "1");
  fixture.git(fixture.path(), {"clone", "-q", "--bare", top, fixture / "bare.git"});
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(fixture / "bare.git"));
  EXPECT_EQ((*repository.head())->hex(), head);
  EXPECT_EQ(repository.list_files(**repository.head(), {".cairn"})->size(), 1u);
  EXPECT_THAT(repository.is_ignored("x"), FailsWith(Code::unsupported, "bare"));
  EXPECT_EQ(*repository.hooks_folder(), fixture / "bare.git/hooks");
}

TEST(Repository, opens_a_work_tree_that_the_environment_names) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  fixture.commit(top, "a", "1");
  fs::create_directories(fixture / "files/sub");
  write_text(fixture / "files/.gitignore", "ignored\n");
  ScopedEnv git_dir("GIT_DIR", top + "/.git");
  ScopedEnv work_tree("GIT_WORK_TREE", fixture / "files");
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(fixture / "files/sub"));
  EXPECT_EQ(repository.layout().work_tree, fixture / "files");
  EXPECT_TRUE(*repository.is_ignored("ignored"));
  EXPECT_TRUE(*repository.is_tracked("a"));
}

TEST(Repository, opens_a_submodule) {
  GitFixture fixture;
  std::string inner = fixture.init("inner");
  std::string head = fixture.commit(inner, "x.cairn", "1");
  std::string top = fixture.init("repo");
  fixture.git(top, {"submodule", "--quiet", "add", inner, "sub"});
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top + "/sub"));
  EXPECT_EQ((*repository.head())->hex(), head);
  EXPECT_TRUE(*repository.is_tracked("x.cairn"));
  ASSERT_OK_AND_ASSIGN(Repository outer, open_at(top));
  EXPECT_TRUE(*outer.is_tracked("sub"));
}

TEST(Repository, fetches_what_a_partial_clone_left_out) {
  GitFixture fixture;
  std::string origin = fixture.init("origin");
  fixture.git(origin, {"config", "uploadpack.allowFilter", "true"});
  fixture.git(origin, {"config", "uploadpack.allowAnySHA1InWant", "true"});
  Oid first = *Oid::parse(fixture.commit(origin, "d/x.cairn", "old"));
  fixture.commit(origin, "d/x.cairn", "new");
  for (const char* filter : {"--filter=blob:none", "--filter=tree:0"}) {
    std::string clone = fixture / (std::string("clone") + filter);
    fixture.git(fixture.path(), {"clone", "-q", filter, "file://" + origin, clone});
    ASSERT_OK_AND_ASSIGN(Repository repository, open_at(clone));
    ASSERT_OK_AND_ASSIGN(auto files, repository.list_files(first, {".cairn"}));
    ASSERT_EQ(files.size(), 1u) << filter;
    ASSERT_OK_AND_ASSIGN(Buffer bytes, repository.read_blob(files[0].blob));
    EXPECT_EQ(as_text(bytes), "old") << filter;
  }
}

TEST(Repository, compares_commits_of_a_partial_clone) {
  GitFixture fixture;
  std::string origin = fixture.init("origin");
  fixture.git(origin, {"config", "uploadpack.allowFilter", "true"});
  fixture.git(origin, {"config", "uploadpack.allowAnySHA1InWant", "true"});
  Oid first = *Oid::parse(fixture.commit(origin, "d/x.cairn", "old"));
  Oid second = *Oid::parse(fixture.commit(origin, "d/x.cairn", "new"));
  for (const char* filter : {"--filter=blob:none", "--filter=tree:0"}) {
    std::string clone = fixture / (std::string("clone") + filter);
    fixture.git(fixture.path(), {"clone", "-q", "--no-checkout", filter, "file://" + origin, clone});
    ASSERT_OK_AND_ASSIGN(Repository repository, open_at(clone));
    EXPECT_THAT(*repository.changed_paths(first, second, {".cairn"}), testing::ElementsAre("d/x.cairn"))
        << filter;
  }
}

TEST(Repository, finds_the_hooks_folder) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  fixture.commit(top, "a", "1");
  fixture.git(top, {"worktree", "add", "-q", fixture / "linked"});
  auto hooks_of = [](const std::string& folder) {
    auto repository = open_at(folder);
    EXPECT_OK(repository);
    return *repository->hooks_folder();
  };
  EXPECT_EQ(hooks_of(top), top + "/.git/hooks");
  EXPECT_EQ(hooks_of(fixture / "linked"), top + "/.git/hooks");
  fixture.git(top, {"config", "core.hooksPath", "tools/../hooks"});
  EXPECT_EQ(hooks_of(top), top + "/hooks");
  EXPECT_EQ(hooks_of(fixture / "linked"), fixture / "linked/hooks");
  fixture.git(top, {"config", "core.hooksPath", "/opt/hooks"});
  EXPECT_EQ(hooks_of(top), "/opt/hooks");
  fixture.git(top, {"config", "extensions.worktreeConfig", "true"});
  fixture.git(fixture / "linked", {"config", "--worktree", "core.hooksPath", "own"});
  EXPECT_EQ(hooks_of(fixture / "linked"), fixture / "linked/own");
  EXPECT_EQ(hooks_of(top), "/opt/hooks");
}

TEST(Repository, reads_the_configuration_that_git_config_global_names) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  write_text(fixture / "global", "[core]\n\thooksPath = /shared/hooks\n[a]\n\tb = 1\n");
  ScopedEnv global("GIT_CONFIG_GLOBAL", fixture / "global");
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  EXPECT_EQ(*repository.hooks_folder(), "/shared/hooks");
  EXPECT_THAT(*repository.config("a.b"), Optional(std::string("1")));
  ASSERT_OK(repository.set_config("a.b", "2"));
  EXPECT_THAT(*repository.config("a.b"), Optional(std::string("2")));
  EXPECT_EQ(fixture.git(top, {"config", "--global", "a.b"}), "1");
}

}  // namespace
}  // namespace cairn::git
