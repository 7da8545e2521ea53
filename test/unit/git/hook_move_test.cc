// SPDX-License-Identifier: Apache-2.0
#include "git/hook_move.h"

#include <filesystem>

#include "support/matchers.h"
#include "unit/git/git_fixture.h"

namespace cairn::git {
namespace {

using Kind = HookMove::Kind;
using test::write_text;

const std::string kNull(40, '0');
const std::string kOld(40, '1');
const std::string kNew(40, '2');

class HookMoveTest : public testing::Test {
 protected:
  HookMoveTest() { top_ = fixture_.init("repo"); }

  HookMove move(const std::string& hook, const std::vector<std::string>& arguments) {
    const auto layout = find_layout(top_);
    EXPECT_OK(layout);
    const auto found = find_hook_move(**layout, hook, arguments);
    EXPECT_OK(found);
    return found.ok() ? *found : HookMove{};
  }
  void in_git(const std::string& file, std::string_view text) {
    std::filesystem::create_directories(std::filesystem::path(top_ + "/.git/" + file).parent_path());
    write_text(top_ + "/.git/" + file, text);
  }
  void last_action(const std::string& action) {
    in_git("logs/HEAD", kNull + " " + kOld + " A <a@b> 1 +0000\tcommit (merge): long ago\n" + kOld + " " +
                            kNew + " A <a@b> 2 +0000\t" + action + "\n");
  }

  test::GitFixture fixture_;
  std::string top_;
};

TEST_F(HookMoveTest, a_checkout_tells_both_commits) {
  const HookMove found = move("post-checkout", {kOld, kNew, "1"});
  EXPECT_EQ(found.kind, Kind::commits);
  EXPECT_EQ(found.from, kOld);
  EXPECT_EQ(found.to, kNew);
  EXPECT_EQ(move("post-checkout", {kOld, kOld, "1"}).kind, Kind::files);
  EXPECT_EQ(move("post-checkout", {kOld, kOld, "0"}).kind, Kind::files);
  EXPECT_EQ(move("post-checkout", {kNull, kNew, "1"}).kind, Kind::everything);
  EXPECT_EQ(move("post-checkout", {}).kind, Kind::everything);
}

TEST_F(HookMoveTest, a_rebase_counts_at_its_end) {
  in_git("rebase-merge/orig-head", kOld + "\n");
  in_git("rebase-merge/git-rebase-todo", "pick 1234567 x\n");
  EXPECT_EQ(move("post-checkout", {kOld, kNew, "1"}).kind, Kind::nothing);
  last_action("commit (merge): x");
  EXPECT_EQ(move("post-commit", {}).kind, Kind::nothing);
  const HookMove end = move("post-rewrite", {"rebase"});
  EXPECT_EQ(end.kind, Kind::commits);
  EXPECT_EQ(end.from, kOld);
  EXPECT_EQ(end.to, "HEAD");
}

TEST_F(HookMoveTest, a_rebase_without_commits_counts_at_its_start) {
  in_git("rebase-merge/orig-head", kOld + "\n");
  in_git("rebase-merge/git-rebase-todo", "");
  EXPECT_EQ(move("post-checkout", {kOld, kNew, "1"}).kind, Kind::commits);
  in_git("rebase-merge/git-rebase-todo", "noop\n");
  EXPECT_EQ(move("post-checkout", {kOld, kNew, "1"}).kind, Kind::commits);
}

TEST_F(HookMoveTest, a_rewrite_without_traces_may_have_changed_anything) {
  EXPECT_EQ(move("post-rewrite", {"rebase"}).kind, Kind::everything);
  EXPECT_EQ(move("post-rewrite", {"amend"}).kind, Kind::nothing);
  EXPECT_EQ(move("post-rewrite", {}).kind, Kind::nothing);
}

TEST_F(HookMoveTest, a_commit_counts_when_git_brought_the_files) {
  for (const char* action :
       {"commit: x", "commit (amend): x", "commit (initial): x", "commit: revert\tx", ""}) {
    last_action(action);
    EXPECT_EQ(move("post-commit", {}).kind, Kind::nothing) << action;
  }
  for (const char* action : {"commit (merge): x", "commit (cherry-pick): x", "cherry-pick: x", "revert: x"}) {
    last_action(action);
    EXPECT_EQ(move("post-commit", {}).kind, Kind::commits) << action;
  }
  std::filesystem::remove_all(top_ + "/.git/logs");
  EXPECT_EQ(move("post-commit", {}).kind, Kind::nothing);
}

TEST_F(HookMoveTest, a_squashed_merge_leaves_head) {
  EXPECT_EQ(move("post-merge", {"0"}).kind, Kind::commits);
  EXPECT_EQ(move("post-merge", {"0"}).from, "ORIG_HEAD");
  EXPECT_EQ(move("post-merge", {"1"}).kind, Kind::everything);
}

}  // namespace
}  // namespace cairn::git
