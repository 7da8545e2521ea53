// SPDX-License-Identifier: Apache-2.0
#include "ops/work_tree.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "ops/moved_folder.h"
#include "support/matchers.h"
#include "unit/project/project_fixture.h"

namespace cairn::ops {
namespace {

namespace fs = std::filesystem;
using test::FailsWith;
using test::read_text;

class WorkTreeTest : public test::ProjectFixture {
 protected:
  void SetUp() override {
    ProjectFixture::SetUp();
    write("folder/run.sh", "echo hi\n");
    fs::permissions(root() + "/folder/run.sh", fs::perms::owner_all);
    fs::create_symlink("folder/run.sh", root() + "/link");
    write("text.txt", "committed\n");
    git("add -A");
    git("commit -qm start");
    write("text.txt", "edited\n");
  }

  Result<WorkTree> make(WorkArea& area, const std::string& folder = "") {
    CAIRN_TRY_ASSIGN(git::Repository * repository, workspace().git());
    CAIRN_TRY_ASSIGN(const auto head, repository->head());
    CAIRN_TRY_ASSIGN(const WorkBase base, base_of_commit(workspace(), area, *head));
    return WorkTree::make(workspace(), area, base, {"tree", folder, ""}, stop);
  }
  [[nodiscard]] std::string work() { return workspace().paths().shared + "/work"; }
  [[nodiscard]] std::size_t areas() {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(work())) {
      count += entry.is_directory() ? 1U : 0U;
    }
    return count;
  }
};

TEST_F(WorkTreeTest, HoldsACommitAsACheckoutDoes) {
  ASSERT_OK_AND_ASSIGN(auto area, WorkArea::make(workspace()));
  ASSERT_OK_AND_ASSIGN(const WorkTree tree, make(*area));
  EXPECT_EQ(read_text(tree.folder() + "/text.txt"), "committed\n");
  EXPECT_EQ(fs::read_symlink(tree.folder() + "/link"), "folder/run.sh");
  EXPECT_NE(fs::status(tree.folder() + "/folder/run.sh").permissions() & fs::perms::owner_exec,
            fs::perms::none);
  git("-C '" + tree.folder() + "' diff --quiet HEAD");
  git("-C '" + tree.folder() + "' diff --cached --quiet");
  EXPECT_EQ(tree.workspace().paths().store, workspace().paths().store);
}

TEST_F(WorkTreeTest, GoesWithItsArea) {
  const std::string elsewhere = outer() + "/elsewhere";
  {
    ASSERT_OK_AND_ASSIGN(auto area, WorkArea::make(workspace()));
    ASSERT_OK_AND_ASSIGN(const WorkTree tree, make(*area, elsewhere));
    EXPECT_TRUE(fs::exists(elsewhere + "/text.txt"));
    ASSERT_OK(clean_work_leftovers(workspace()));
    EXPECT_TRUE(fs::exists(elsewhere + "/text.txt")) << "it is in use";
  }
  EXPECT_FALSE(fs::exists(elsewhere));
  EXPECT_EQ(areas(), 0U);
}

TEST_F(WorkTreeTest, LeftoversGoAndOnlyThey) {
  const std::string elsewhere = outer() + "/elsewhere";
  const std::string saved = outer() + "/saved";
  std::string path;
  {
    ASSERT_OK_AND_ASSIGN(auto area, WorkArea::make(workspace()));
    ASSERT_OK_AND_ASSIGN(const WorkTree tree, make(*area, elsewhere));
    path = area->path();
    fs::copy(path, saved, fs::copy_options::recursive);
    fs::copy(elsewhere, saved + ".tree", fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  }
  // As a killed process leaves it, with the tree moved for a trial.
  fs::rename(saved, path);
  fs::rename(saved + ".tree", elsewhere + ".moved");
  ASSERT_OK(clean_work_leftovers(workspace()));
  EXPECT_FALSE(fs::exists(elsewhere + ".moved"));
  EXPECT_EQ(areas(), 0U);
  // One that was killed before it had written where the tree leads.
  fs::create_directories(path);
  test::write_text(path + "/elsewhere", elsewhere);
  test::write_text(elsewhere + "/..git.cairn-tmp-0123456789abcdef", "git");
  ASSERT_OK(clean_work_leftovers(workspace()));
  EXPECT_FALSE(fs::exists(elsewhere));
  // Something else stands there now.
  fs::create_directories(path);
  test::write_text(path + "/elsewhere", elsewhere);
  test::write_text(elsewhere + "/mine.txt", "mine");
  ASSERT_OK(clean_work_leftovers(workspace()));
  EXPECT_EQ(areas(), 0U);
  EXPECT_EQ(read_text(elsewhere + "/mine.txt"), "mine");
}

TEST_F(WorkTreeTest, ClaimsOnlyWhatIsEmptyOrMissing) {
  ASSERT_OK_AND_ASSIGN(auto area, WorkArea::make(workspace()));
  test::write_text(outer() + "/full/file", "x");
  EXPECT_THAT(area->claim(outer() + "/full"), FailsWith(Code::exists, "full"));
  EXPECT_THAT(area->claim(outer() + "/full/file"), FailsWith(Code::exists, "file"));
  EXPECT_THAT(area->claim(outer() + "/none/deep"), FailsWith(Code::not_found, "none"));
  fs::create_directory(outer() + "/empty");
  EXPECT_OK(area->claim(outer() + "/empty"));
  area.reset();
  EXPECT_EQ(read_text(outer() + "/full/file"), "x");
  EXPECT_FALSE(fs::exists(outer() + "/empty"));
}

TEST_F(WorkTreeTest, AKeptOneIsGits) {
  const std::string elsewhere = outer() + "/kept";
  {
    ASSERT_OK_AND_ASSIGN(auto area, WorkArea::make(workspace()));
    ASSERT_OK_AND_ASSIGN(WorkTree tree, make(*area, elsewhere));
    EXPECT_EQ(tree.workspace().paths().root, elsewhere);
    ASSERT_OK(tree.keep(*area));
  }
  EXPECT_EQ(areas(), 0U);
  git("worktree list | grep -q kept");
  git("-C '" + elsewhere + "' diff --quiet HEAD");
  git("worktree remove --force '" + elsewhere + "'");
  EXPECT_FALSE(fs::exists(elsewhere));
}

TEST_F(WorkTreeTest, MovesForAWhile) {
  const std::string folder = outer() + "/here";
  test::write_text(folder + "/file", "x");
  runner::ShellCommand command;
  command.folder = folder + "/sub";
  command.env["PATH"] = folder + "/bin:/bin:" + folder;
  command.env["GONE"] = std::nullopt;
  command.wrapper = {"run", folder};
  {
    ASSERT_OK_AND_ASSIGN(const MovedFolder moved, MovedFolder::move(folder));
    moved.adjust(command);
    EXPECT_FALSE(fs::exists(folder));
    EXPECT_TRUE(fs::exists(folder + ".moved/file"));
  }
  EXPECT_TRUE(fs::exists(folder + "/file"));
  EXPECT_EQ(command.folder, folder + ".moved/sub");
  EXPECT_EQ(command.env["PATH"], folder + ".moved/bin:/bin:" + folder + ".moved");
  EXPECT_EQ(command.wrapper[1], folder + ".moved");
  EXPECT_THAT(MovedFolder::move(outer() + "/nothing"), FailsWith(Code::unsupported, "nothing"));
}

}  // namespace
}  // namespace cairn::ops
