// SPDX-License-Identifier: Apache-2.0
#include "git/repository.h"
#include "support/matchers.h"
#include "unit/git/git_fixture.h"

namespace cairn::git {
namespace {

using test::FailsWith;
using test::GitFixture;
using test::open_at;
using test::write_text;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

std::vector<std::string> shown(const std::vector<Ref>& refs) {
  std::vector<std::string> list;
  for (const Ref& ref : refs) {
    list.push_back(std::string(ref.short_name()) + "=" + ref.commit.hex());
  }
  return list;
}

TEST(Repository, resolves_revisions_to_commits) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  std::string first = fixture.commit(top, "a", "1");
  fixture.git(top, {"tag", "-a", "-m", "x", "v1"});
  std::string second = fixture.commit(top, "a", "2");
  fixture.git(top, {"branch", "feature/x", first});
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  for (const char* revision : {"v1", "HEAD~1", "feature/x", "refs/tags/v1", "v1^{commit}", "main^", "@~1"}) {
    ASSERT_OK_AND_ASSIGN(Oid commit, repository.resolve(revision));
    EXPECT_EQ(commit.hex(), first) << revision;
  }
  for (const std::string& revision : {std::string("HEAD"), std::string("@"), second, second.substr(0, 8)}) {
    ASSERT_OK_AND_ASSIGN(Oid commit, repository.resolve(revision));
    EXPECT_EQ(commit.hex(), second) << revision;
  }
}

TEST(Repository, says_not_found_for_what_is_no_commit) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  fixture.commit(top, "a", "1");
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  for (const char* revision : {"", "nosuch", "HEAD~9", "HEAD^{nonsense", "..", "-x", "a b", "@{99999}",
                               "1111111111111111111111111111111111111111"}) {
    EXPECT_THAT(repository.resolve(revision), FailsWith(Code::not_found, "no commit is named")) << revision;
  }
  EXPECT_THAT(repository.resolve("HEAD:a"), FailsWith(Code::not_found, "a blob"));
  EXPECT_NE(repository.resolve("nosuch").error().hint(), "");
  EXPECT_THAT(repository.resolve(std::string_view("HEAD\0x", 6)), FailsWith(Code::not_found, "HEAD"));
}

TEST(Repository, knows_head_and_branch_in_every_state) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  {
    ASSERT_OK_AND_ASSIGN(Repository unborn, open_at(top));
    EXPECT_EQ(*unborn.head(), std::nullopt);
    EXPECT_THAT(*unborn.current_branch(), Optional(std::string("main")));
    EXPECT_THAT(unborn.resolve("HEAD"), FailsWith(Code::not_found, "HEAD"));
  }
  std::string first = fixture.commit(top, "a", "1");
  fixture.git(top, {"checkout", "-q", "-b", "feature/x"});
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  EXPECT_EQ((*repository.head())->hex(), first);
  EXPECT_THAT(*repository.current_branch(), Optional(std::string("feature/x")));
  fixture.git(top, {"checkout", "-q", "--detach"});
  EXPECT_EQ(*repository.current_branch(), std::nullopt);
  EXPECT_EQ((*repository.head())->hex(), first);
}

TEST(Repository, knows_the_head_of_a_linked_work_tree) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  fixture.commit(top, "a", "1");
  fixture.git(top, {"worktree", "add", "-q", "-b", "side", fixture / "linked"});
  std::string side = fixture.commit(fixture / "linked", "only-there.cairn", "2");
  ASSERT_OK_AND_ASSIGN(Repository linked, open_at(fixture / "linked"));
  EXPECT_EQ((*linked.head())->hex(), side);
  EXPECT_THAT(*linked.current_branch(), Optional(std::string("side")));
  EXPECT_TRUE(*linked.is_tracked("only-there.cairn"));
  ASSERT_OK_AND_ASSIGN(Repository main, open_at(top));
  EXPECT_FALSE(*main.is_tracked("only-there.cairn"));
  EXPECT_THAT(*main.current_branch(), Optional(std::string("main")));
}

TEST(Repository, lists_refs_with_their_commits) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  std::string first = fixture.commit(top, "a", "1");
  fixture.git(top, {"tag", "-a", "-m", "x", "v1"});
  std::string second = fixture.commit(top, "a", "2");
  fixture.git(top, {"tag", "light"});
  fixture.git(top, {"branch", "feature/x", first});
  fixture.git(top, {"update-ref", "refs/cairn/versions/good", "v1"});
  fixture.git(top, {"update-ref", "refs/remotes/origin/main", first});
  fixture.git(top, {"symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"});
  fixture.git(top, {"symbolic-ref", "refs/remotes/old/HEAD", "refs/remotes/old/gone"});
  fixture.git(top, {"tag", "of-a-blob", "HEAD:a"});
  fixture.git(top, {"pack-refs", "--all"});
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  EXPECT_THAT(shown(*repository.branches()), ElementsAre("feature/x=" + first, "main=" + second));
  EXPECT_THAT(shown(*repository.tags()), ElementsAre("light=" + second, "v1=" + first));
  EXPECT_THAT(shown(*repository.remote_branches()),
              ElementsAre("origin/HEAD=" + first, "origin/main=" + first));
  ASSERT_OK_AND_ASSIGN(auto versions, repository.refs("refs/cairn/"));
  EXPECT_THAT(shown(versions), ElementsAre("refs/cairn/versions/good=" + first));
  EXPECT_EQ(versions[0].target.hex(), fixture.git(top, {"rev-parse", "v1"}));
  EXPECT_THAT(*repository.refs("refs/nothing/"), IsEmpty());
}

TEST(Repository, never_skips_a_broken_ref) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  fixture.commit(top, "a", "1");
  write_text(top + "/.git/refs/heads/lost", std::string(40, '1') + "\n");
  {
    ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
    EXPECT_FALSE(repository.branches().ok());
  }
  write_text(top + "/.git/refs/heads/lost", "nonsense\n");
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  EXPECT_FALSE(repository.branches().ok());
}

TEST(Repository, reads_and_writes_its_configuration) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  fixture.git(top, {"config", "--add", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"});
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  EXPECT_EQ(*repository.config("cairn.program"), std::nullopt);
  ASSERT_OK(repository.set_config("cairn.program", "/opt/a b/\"cairn\" # \\"));
  EXPECT_THAT(*repository.config("cairn.program"), Optional(std::string("/opt/a b/\"cairn\" # \\")));
  EXPECT_EQ(fixture.git(top, {"config", "cairn.program"}), "/opt/a b/\"cairn\" # \\");
  EXPECT_TRUE(*repository.add_config("remote.origin.fetch", "+refs/cairn/*:refs/cairn/*"));
  EXPECT_FALSE(*repository.add_config("remote.origin.fetch", "+refs/cairn/*:refs/cairn/*"));
  EXPECT_EQ(fixture.git(top, {"config", "--get-all", "remote.origin.fetch"}),
            "+refs/heads/*:refs/remotes/origin/*\n+refs/cairn/*:refs/cairn/*");
  EXPECT_THAT(*repository.config_values("remote.origin.fetch"),
              ElementsAre("+refs/heads/*:refs/remotes/origin/*", "+refs/cairn/*:refs/cairn/*"));
  ASSERT_OK(repository.unset_config("cairn.program"));
  ASSERT_OK(repository.unset_config("cairn.program"));
  EXPECT_NE(fixture.run(top, {"git", "config", "cairn.program"}).status, 0);
}

TEST(Repository, reports_a_locked_configuration) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  write_text(top + "/.git/config.lock", "");
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  EXPECT_THAT(repository.set_config("a.b", "c"), FailsWith(Code::locked, "a.b"));
}

}  // namespace
}  // namespace cairn::git
