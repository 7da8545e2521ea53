// SPDX-License-Identifier: Apache-2.0
#include "git/tree_switch.h"

#include <filesystem>

#include "git/graft.h"
#include "git/head.h"
#include "git/last_change.h"
#include "support/matchers.h"
#include "unit/git/git_fixture.h"

namespace cairn::git {
namespace {

using test::FailsWith;
using test::open_at;
using test::read_text;
using test::write_text;

class TreeSwitch : public testing::Test {
 protected:
  TreeSwitch() : top_(fixture_.init("repo")) {
    first_ = commit("a", "one\n");
    second_ = commit("b", "two\n");
    git({"rm", "-q", "a"});
    write("b", "two\nmore\n");
    third_ = commit("c", "three\n");
  }

  std::string git(std::vector<std::string> arguments) { return fixture_.git(top_, std::move(arguments)); }
  void write(const std::string& name, std::string_view text) const { write_text(top_ + "/" + name, text); }
  [[nodiscard]] bool exists(const std::string& name) const {
    return std::filesystem::exists(top_ + "/" + name);
  }
  Oid commit(const std::string& file, std::string_view content) {
    write(file, content);
    git({"add", "-A"});
    git({"commit", "-q", "-m", file});
    return *Oid::parse(git({"rev-parse", "HEAD"}));
  }
  /// HEAD moves alone, as a rollback leaves it when it is killed.
  void move_head_to(const Oid& commit) { git({"update-ref", "HEAD", commit.hex()}); }
  Repository open() { return *open_at(top_); }

  test::GitFixture fixture_;
  std::string top_;
  Oid first_ = *Oid::parse(std::string(40, '0'));
  Oid second_ = first_;
  Oid third_ = first_;
};

TEST_F(TreeSwitch, MovesIndexAndWorkTree) {
  Repository repository = open();
  write("mine", "untracked");
  ASSERT_OK(check_switch(repository.layout(), third_, second_));
  EXPECT_FALSE(exists("a"));
  move_head_to(second_);
  ASSERT_OK(switch_tree(repository, third_, second_));
  EXPECT_EQ(read_text(top_ + "/a"), "one\n");
  EXPECT_EQ(read_text(top_ + "/b"), "two\n");
  EXPECT_FALSE(exists("c"));
  EXPECT_EQ(git({"status", "--porcelain"}), "?? mine");
  EXPECT_FALSE(exists(".git/index.lock"));
}

TEST_F(TreeSwitch, RefusesChangedFilesBeforeAnythingIsDone) {
  Repository repository = open();
  write("b", "mine");
  EXPECT_THAT(check_switch(repository.layout(), third_, second_), FailsWith(Code::conflict, "b"));
  EXPECT_THAT(switch_tree(repository, third_, second_), FailsWith(Code::conflict, "b"));
  EXPECT_EQ(read_text(top_ + "/b"), "mine");
  EXPECT_TRUE(exists("c"));
  EXPECT_FALSE(exists(".git/index.lock"));
}

TEST_F(TreeSwitch, GoesOnAfterAKill) {
  Repository repository = open();
  move_head_to(second_);
  write("a", "on");
  std::filesystem::remove(top_ + "/c");
  write(".git/index.lock", "cairn moves index and work tree\n");
  write(".git/cairn-index.lock", "");
  ASSERT_OK(switch_tree(repository, third_, second_));
  EXPECT_EQ(read_text(top_ + "/a"), "one\n");
  EXPECT_EQ(git({"status", "--porcelain"}), "");
}

TEST_F(TreeSwitch, LeavesTheLockOfAnotherProgram) {
  Repository repository = open();
  write(".git/index.lock", "");
  EXPECT_THAT(switch_tree(repository, third_, second_), FailsWith(Code::locked, "index.lock"));
  EXPECT_TRUE(exists(".git/index.lock"));
  EXPECT_TRUE(exists("c"));
}

TEST_F(TreeSwitch, DoesNothingTheSecondTime) {
  Repository repository = open();
  move_head_to(second_);
  ASSERT_OK(switch_tree(repository, third_, second_));
  write("a", "mine");
  ASSERT_OK(switch_tree(repository, third_, second_));
  EXPECT_EQ(read_text(top_ + "/a"), "mine");
  EXPECT_EQ(git({"status", "--porcelain"}), " M a");
  EXPECT_EQ(read_text(top_ + "/b"), "two\n");
}

TEST_F(TreeSwitch, HeadMovesOnlyFromWhereItIs) {
  Repository repository = open();
  EXPECT_THAT(move_head(repository, first_, second_, "why"), FailsWith(Code::conflict, "HEAD"));
  ASSERT_OK(move_head(repository, third_, second_, "why"));
  EXPECT_EQ(git({"rev-parse", "HEAD"}), second_.hex());
  EXPECT_EQ(git({"log", "-g", "-1", "--format=%gs"}), "why");
  EXPECT_EQ(git({"log", "-g", "-1", "--format=%gs", git({"symbolic-ref", "--short", "HEAD"})}), "why");
}

TEST_F(TreeSwitch, KnowsWhatGitHasBegun) {
  Repository repository = open();
  EXPECT_EQ(*unfinished_operation(repository.layout()), "");
  git({"bisect", "start", "-q"});
  EXPECT_EQ(*unfinished_operation(repository.layout()), "bisect");
  write(".git/MERGE_HEAD", "");
  EXPECT_EQ(*unfinished_operation(repository.layout()), "merge");
}

TEST_F(TreeSwitch, GraftsAFolderButForWhatIsKept) {
  commit("sub/keep/config", "old");
  const Oid then = commit("sub/x", "old");
  commit("sub/keep/config", "new");
  commit("sub/y", "new");
  git({"rm", "-q", "sub/x"});
  commit("sub/x/inner", "new");
  const Oid now = commit("top", "new");
  Repository repository = open();
  ASSERT_OK_AND_ASSIGN(const Oid tree, graft_tree(repository, now, then, "sub", "keep/config"));
  EXPECT_EQ(git({"ls-tree", "-r", "--name-only", tree.hex()}), "b\nc\nsub/keep/config\nsub/x\ntop");
  EXPECT_EQ(git({"show", tree.hex() + ":sub/keep/config"}), "new");
  ASSERT_OK_AND_ASSIGN(const Oid all, graft_tree(repository, now, then, "", "sub/keep/config"));
  EXPECT_EQ(git({"ls-tree", "-r", "--name-only", all.hex()}), "b\nc\nsub/keep/config\nsub/x");
  EXPECT_THAT(graft_tree(repository, now, first_, "sub", "keep/config"), FailsWith(Code::not_found, "sub"));
  EXPECT_EQ(git({"status", "--porcelain"}), "");
}

TEST_F(TreeSwitch, LastChangesAreThoseOfFilesAndFolders) {
  const Oid inner = commit("dir/odd\nname", "1");
  commit("other", "1");
  Repository repository = open();
  ASSERT_OK_AND_ASSIGN(const auto head, repository.head());
  ASSERT_OK_AND_ASSIGN(const auto changes, last_changes(repository.layout(), *head,
                                                        {"b", "dir", "dir/odd\nname", "nothing", "a"}));
  ASSERT_EQ(changes.size(), 4U);
  EXPECT_EQ(changes.at("b").commit, third_);
  EXPECT_EQ(changes.at("a").commit, third_) << "it went there";
  EXPECT_EQ(changes.at("dir").commit, inner);
  EXPECT_EQ(changes.at("dir/odd\nname").commit, inner);
}

}  // namespace
}  // namespace cairn::git
