// SPDX-License-Identifier: Apache-2.0
#include "git/index_paths.h"

#include <filesystem>

#include "support/matchers.h"
#include "unit/git/git_fixture.h"

namespace cairn::git {
namespace {

using test::FailsWith;
using test::open_at;
using test::write_text;
using testing::ElementsAre;
using testing::IsEmpty;

class IndexPaths : public testing::Test {
 protected:
  std::string git(std::vector<std::string> arguments) { return fixture_.git(top_, std::move(arguments)); }
  void write(const std::string& name, std::string_view text) const { write_text(top_ + "/" + name, text); }
  Layout layout() { return open_at(top_)->layout(); }

  test::GitFixture fixture_;
  std::string top_ = fixture_.init("repo");
};

TEST_F(IndexPaths, TakesWrittenAndRemovedFilesAndThoseOnly) {
  fixture_.commit(top_, "gone", "1");
  fixture_.commit(top_, "same", "1");
  std::filesystem::remove(top_ + "/gone");
  write("odd *\nname", "1");
  write("other", "1");
  const std::vector<std::string> paths = {"odd *\nname", "gone", "same", "never"};
  EXPECT_THAT(*stage_paths(layout(), paths), ElementsAre("gone", "odd *\nname"));
  EXPECT_EQ(git({"status", "--porcelain", "--no-renames"}), "D  gone\nA  \"odd *\\nname\"\n?? other");
}

TEST_F(IndexPaths, CommitsNothingElse) {
  fixture_.commit(top_, "a", "1");
  write("a", "2");
  write("mine", "1");
  git({"add", "mine"});
  ASSERT_OK_AND_ASSIGN(const auto paths, stage_paths(layout(), {"a"}));
  ASSERT_OK_AND_ASSIGN(const Oid commit, commit_paths(layout(), paths, "two\nlines"));
  EXPECT_EQ(git({"rev-parse", "HEAD"}), commit.hex());
  EXPECT_EQ(git({"show", "--pretty=format:%B", "--name-only"}), "two\nlines\n\na");
  EXPECT_EQ(git({"status", "--porcelain"}), "A  mine");
}

TEST_F(IndexPaths, WorkBeforeTheFirstCommit) {
  write("a", "1");
  ASSERT_OK_AND_ASSIGN(const auto paths, stage_paths(layout(), {"a"}));
  EXPECT_THAT(paths, ElementsAre("a"));
  ASSERT_OK(commit_paths(layout(), paths, "first"));
  EXPECT_EQ(git({"ls-tree", "--name-only", "HEAD"}), "a");
  EXPECT_THAT(*stage_paths(layout(), {"a"}), IsEmpty());
}

TEST_F(IndexPaths, SayWhatGitSaysWhenItRefuses) {
  fixture_.commit(top_, "a", "1");
  write("a", "2");
  write(".git/MERGE_HEAD", git({"rev-parse", "HEAD"}) + "\n");
  ASSERT_OK_AND_ASSIGN(const auto paths, stage_paths(layout(), {"a"}));
  EXPECT_THAT(commit_paths(layout(), paths, "x"), FailsWith(Code::conflict, "partial commit"));
  EXPECT_EQ(git({"diff", "--cached", "--name-only"}), "a");
}

}  // namespace
}  // namespace cairn::git
