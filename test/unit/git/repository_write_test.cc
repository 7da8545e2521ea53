// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>

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

std::vector<std::string> shown(const std::vector<WorkChange>& changes) {
  std::vector<std::string> list;
  for (const WorkChange& change : changes) {
    list.push_back((change.gone ? "-" : "+") + change.path);
  }
  return list;
}

class RepositoryWrite : public testing::Test {
 protected:
  RepositoryWrite() : top_(fixture_.init("repo")) {}
  std::string git(std::vector<std::string> arguments) { return fixture_.git(top_, std::move(arguments)); }
  void write(const std::string& name, std::string_view text) const { write_text(top_ + "/" + name, text); }

  GitFixture fixture_;
  std::string top_;
};

TEST_F(RepositoryWrite, lists_a_tree_that_commits_share_once) {
  std::filesystem::create_directories(top_ + "/a/b");
  fixture_.commit(top_, "a/b/cairn.yaml", "1");
  std::string second = fixture_.commit(top_, "cairn.yaml", "2");
  std::string third = fixture_.commit(top_, "other", "3");
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top_));
  ListingMemo memo;
  for (const std::string& commit : {second, third}) {
    ASSERT_OK_AND_ASSIGN(auto files, repository.list_files(*Oid::parse(commit), {"cairn.yaml"}, memo));
    std::vector<std::string> paths;
    for (const TreeFile& file : files) {
      paths.push_back(file.path);
    }
    EXPECT_THAT(paths, ElementsAre("a/b/cairn.yaml", "cairn.yaml"));
  }
}

TEST_F(RepositoryWrite, reads_commits_and_their_history_newest_first) {
  std::string first = fixture_.commit(top_, "a", "1");
  git({"checkout", "-q", "-b", "side"});
  std::string side = fixture_.commit(top_, "b", "2");
  git({"checkout", "-q", "-"});
  git({"merge", "-q", "--no-ff", "-m", "merged", "side"});
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top_));
  ASSERT_OK_AND_ASSIGN(auto head, repository.head());
  ASSERT_OK_AND_ASSIGN(Commit commit, repository.read_commit(*head));
  EXPECT_EQ(commit.message, "merged\n");
  EXPECT_EQ(commit.tree.hex(), git({"rev-parse", "HEAD^{tree}"}));
  EXPECT_EQ(commit.parents, (std::vector{*Oid::parse(first), *Oid::parse(side)}));
  ASSERT_OK_AND_ASSIGN(auto history, repository.history({*head, *Oid::parse(side)}));
  EXPECT_THAT(history, ElementsAre(*head, *Oid::parse(side), *Oid::parse(first)));
}

TEST_F(RepositoryWrite, finds_what_differs_from_head_staged_or_not) {
  for (const char* name : {"same", "edited", "removed", "staged", "unstaged", "kept"}) {
    fixture_.commit(top_, name, name);
  }
  write("edited", "other");
  write("staged", "other");
  write("new and gone", "x");
  git({"add", "staged", "new and gone"});
  write("staged", "staged");
  std::filesystem::remove(top_ + "/new and gone");
  write("new", "new");
  write("untracked", "x");
  git({"add", "new"});
  git({"rm", "-q", "--cached", "unstaged"});
  std::filesystem::remove(top_ + "/removed");
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top_));
  ASSERT_OK_AND_ASSIGN(auto changes, repository.uncommitted());
  EXPECT_THAT(shown(changes), ElementsAre("+edited", "+new", "-removed", "+staged", "-unstaged"));
}

TEST_F(RepositoryWrite, finds_what_differs_before_the_first_commit_and_in_a_conflict) {
  const std::string other = fixture_.init("other");
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(other));
  test::write_text(other + "/a", "1");
  fixture_.git(other, {"add", "a"});
  ASSERT_OK_AND_ASSIGN(const auto first, repository.uncommitted());
  EXPECT_THAT(shown(first), ElementsAre("+a"));
  fixture_.commit(other, "a", "1");
  fixture_.commit(other, "b", "1");
  fixture_.git(other, {"branch", "side"});
  fixture_.commit(other, "a", "ours");
  fixture_.commit(other, "b", "ours");
  fixture_.git(other, {"checkout", "-q", "side"});
  fixture_.commit(other, "a", "theirs");
  fixture_.git(other, {"rm", "-q", "b"});
  fixture_.git(other, {"commit", "-q", "-m", "gone"});
  EXPECT_NE(fixture_.run(other, {"git", "merge", "-q", "main"}).status, 0);
  ASSERT_OK_AND_ASSIGN(const auto conflict, repository.uncommitted());
  EXPECT_THAT(shown(conflict), ElementsAre("+a", "+b"));
}

TEST_F(RepositoryWrite, asks_git_where_the_index_is_split) {
  fixture_.commit(top_, "a", "1");
  fixture_.commit(top_, "gone", "1");
  git({"update-index", "--split-index"});
  write("a", "2");
  std::filesystem::remove(top_ + "/gone");
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top_));
  ASSERT_OK_AND_ASSIGN(auto changes, repository.uncommitted());
  EXPECT_THAT(shown(changes), ElementsAre("+a", "-gone"));
}

TEST_F(RepositoryWrite, writes_files_as_git_add_would) {
  write(".gitattributes", "*.txt text eol=crlf\n*.up filter=up\n");
  git({"config", "filter.up.clean", "tr a-z A-Z"});
  git({"add", ".gitattributes"});
  write("a.txt", "one\r\ntwo\r\n");
  write("b.up", "word");
  write("run", "x");
  std::filesystem::permissions(top_ + "/run", std::filesystem::perms::owner_all);
  std::filesystem::create_symlink("a.txt", top_ + "/link");
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top_));
  for (const char* path : {"a.txt", "b.up", "run", "link"}) {
    git({"add", path});
    ASSERT_OK_AND_ASSIGN(TreeFile file, repository.write_file(path));
    std::string line = git({"ls-files", "-s", path});
    EXPECT_EQ(line, fmt::format("{:o} {} 0\t{}", file.mode, file.blob.hex(), path));
  }
  git({"config", "filter.up.smudge", "tr A-Z a-z"});
  for (const auto& [path, text] : {std::pair("a.txt", "one\r\ntwo\r\n"), std::pair("b.up", "word")}) {
    ASSERT_OK_AND_ASSIGN(TreeFile file, repository.write_file(path));
    ASSERT_OK_AND_ASSIGN(Buffer bytes, repository.read_for_work_tree(file));
    EXPECT_EQ(as_text(bytes), text);
  }
  EXPECT_THAT(repository.write_file("nothing"), FailsWith(Code::not_found, "nothing"));
}

TEST_F(RepositoryWrite, makes_a_commit_and_a_ref_without_touching_anything_else) {
  std::filesystem::create_directories(top_ + "/d");
  fixture_.commit(top_, "d/old", "1");
  std::string head = fixture_.commit(top_, "a", "1");
  write("a", "2");
  write("d/new", "3");
  std::string status = git({"status", "--porcelain"});
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top_));
  ASSERT_OK_AND_ASSIGN(TreeFile a, repository.write_file("a"));
  ASSERT_OK_AND_ASSIGN(TreeFile added, repository.write_file("d/new"));
  ASSERT_OK_AND_ASSIGN(
      Oid tree, repository.write_tree(
                    *Oid::parse(head),
                    {{"a", a}, {"d/new", added}, {"d/old", std::nullopt}, {"not/there", std::nullopt}}));
  ASSERT_OK_AND_ASSIGN(Oid commit, repository.write_commit({tree, *Oid::parse(head), "mine\n"}));
  ASSERT_OK(repository.create_ref("refs/cairn/exp/x", commit));
  EXPECT_THAT(repository.create_ref("refs/cairn/exp/x", commit), FailsWith(Code::exists, "refs/cairn/exp/x"));
  EXPECT_EQ(git({"diff", "--name-status", "HEAD", "refs/cairn/exp/x"}), "M\ta\nA\td/new\nD\td/old");
  EXPECT_EQ(git({"rev-parse", "HEAD"}), head);
  EXPECT_EQ(git({"status", "--porcelain"}), status);
  ASSERT_OK(repository.remove_ref("refs/cairn/exp/x"));
  EXPECT_EQ(git({"for-each-ref", "refs/cairn"}), "");
}

TEST_F(RepositoryWrite, a_lock_that_a_killed_process_left_is_named) {
  std::string head = fixture_.commit(top_, "a", "1");
  std::filesystem::create_directories(top_ + "/.git/refs/cairn/versions");
  write(".git/refs/cairn/versions/v1.lock", "");
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top_));
  const Status made = repository.create_ref("refs/cairn/versions/v1", *Oid::parse(head));
  EXPECT_THAT(made, FailsWith(Code::locked, "refs/cairn/versions/v1"));
  EXPECT_NE(made.error().hint().find("/refs/cairn/versions/v1.lock"), std::string::npos);
}

TEST_F(RepositoryWrite, a_tree_without_changes_is_the_base) {
  std::string head = fixture_.commit(top_, "a", "1");
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top_));
  ASSERT_OK_AND_ASSIGN(Oid tree, repository.write_tree(*Oid::parse(head), {{"x", std::nullopt}}));
  EXPECT_EQ(tree.hex(), git({"rev-parse", "HEAD^{tree}"}));
}

TEST_F(RepositoryWrite, annotated_tags_are_objects_that_any_ref_may_lead_to) {
  std::string head = fixture_.commit(top_, "a", "1");
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top_));
  ASSERT_OK_AND_ASSIGN(Oid inner, repository.write_tag({*Oid::parse(head), "v1", "cairn: 1\nname: v1\n"}));
  ASSERT_OK_AND_ASSIGN(Oid outer, repository.write_tag({inner, "stable", "of v1\n"}));
  ASSERT_OK(repository.create_ref("refs/cairn/versions/v1", outer));
  EXPECT_EQ(git({"tag", "--list"}), "");
  EXPECT_EQ(git({"cat-file", "tag", inner.hex()}).substr(0, 7), "object ");
  ASSERT_OK_AND_ASSIGN(auto tag, repository.read_tag(inner));
  ASSERT_TRUE(tag);
  EXPECT_EQ(tag->target.hex(), head);
  EXPECT_EQ(tag->name, "v1");
  EXPECT_EQ(tag->message, "cairn: 1\nname: v1\n");
  EXPECT_NE(tag->tagger, "");
  EXPECT_GT(tag->time, 0);
  ASSERT_OK_AND_ASSIGN(auto refs, repository.refs("refs/cairn/"));
  ASSERT_EQ(refs.size(), 1U);
  EXPECT_EQ(refs[0].target, outer);
  EXPECT_EQ(refs[0].commit.hex(), head);
  ASSERT_OK_AND_ASSIGN(auto no_tag, repository.read_tag(*Oid::parse(head)));
  EXPECT_FALSE(no_tag);
  EXPECT_THAT(repository.read_tag(*Oid::parse(std::string(40, 'a'))), FailsWith(Code::not_found, ""));
}

TEST(IsRefName, is_that_of_git) {
  EXPECT_TRUE(is_ref_name("refs/cairn/exp/brave-otter"));
  for (const char* bad :
       {"refs/cairn/exp/", "refs/cairn/exp/a..b", "refs/cairn/exp/a b", "refs/cairn/exp/x.lock"}) {
    EXPECT_FALSE(is_ref_name(bad)) << bad;
  }
}

}  // namespace
}  // namespace cairn::git
