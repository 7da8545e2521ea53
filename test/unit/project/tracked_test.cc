// SPDX-License-Identifier: Apache-2.0
#include "project/tracked.h"

#include <unistd.h>

#include <filesystem>

#include "project/ignore.h"
#include "support/matchers.h"
#include "unit/project/project_fixture.h"

namespace cairn::project {
namespace {

using test::FailsWith;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Stands in for the pipeline module's reader: each line of the lock is an output.
Result<std::vector<Tracked>> read_lines(std::string_view text, std::string_view path) {
  std::vector<Tracked> out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    Tracked one;
    one.path = std::string(text.substr(0, end));
    one.stage = "stage of " + std::string(path);
    out.push_back(std::move(one));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

class TrackedPaths : public test::ProjectFixture {
 protected:
  void point(const std::string& path, store::Family family = store::Family::blob) {
    Pointer pointer;
    pointer.object.family = family;
    write(pointer_path(path), write_pointer(pointer));
  }
  std::vector<std::string> found() {
    auto result = find_tracked(workspace(), read_lines);
    EXPECT_OK(result);
    return result.ok() ? paths(*result) : std::vector<std::string>();
  }
  static std::vector<std::string> paths(const std::vector<Tracked>& tracked) {
    std::vector<std::string> out;
    for (const Tracked& one : tracked) {
      out.push_back(one.path);
    }
    return out;
  }
};

TEST_F(TrackedPaths, AreThoseOfPointersAndLocksSorted) {
  point("b/data.csv");
  point("a");
  write("b/cairn.lock", "b/model\nz\n");
  ASSERT_OK_AND_ASSIGN(const auto tracked, find_tracked(workspace(), read_lines));
  EXPECT_THAT(paths(tracked), ElementsAre("a", "b/data.csv", "b/model", "z"));
  EXPECT_EQ(tracked[1].declared_in, "b/data.csv.cairn");
  EXPECT_EQ(tracked[2].declared_in, "b/cairn.lock");
  EXPECT_EQ(tracked[2].source, Tracked::Source::lock);
  EXPECT_EQ(tracked[2].stage, "stage of b/cairn.lock");
}

TEST_F(TrackedPaths, AreNotLookedForInsideDataOrOtherProjects) {
  point("data", store::Family::tree);
  write("data/inner.cairn", "not a pointer");
  write("cairn.lock", "out\n");
  write("out/inner.cairn", "not a pointer");
  write("submodule/.git", "gitdir: x\n");
  write("submodule/x.cairn", "not a pointer");
  write("other/.cairn/config", "core:\n  format: 1\n");
  write("other/x.cairn", "not a pointer");
  write(".cairnignore", "vendor/\nold.cairn\n");
  write("vendor/x.cairn", "not a pointer");
  write("old.cairn", "not a pointer");
  EXPECT_THAT(found(), ElementsAre("data", "out"));
}

TEST_F(TrackedPaths, TwiceOrInsideEachOtherAreAConflictThatNamesBothFiles) {
  point("data", store::Family::tree);
  write("cairn.lock", "data/model\n");
  const auto inside = find_tracked(workspace(), read_lines);
  EXPECT_THAT(inside, FailsWith(Code::conflict, "'data/model' is inside 'data'"));
  EXPECT_THAT(inside, FailsWith(Code::conflict, "'data.cairn' and 'cairn.lock'"));
  write("cairn.lock", "data\n");
  EXPECT_THAT(find_tracked(workspace(), read_lines), FailsWith(Code::conflict, "'data' is tracked twice"));
}

TEST_F(TrackedPaths, OutsideTheProjectAreRefused) {
  write("cairn.lock", "../x\n");
  EXPECT_FALSE(find_tracked(workspace(), read_lines).ok());
  write("cairn.lock", ".git/hooks/pre-commit\n");
  EXPECT_FALSE(find_tracked(workspace(), read_lines).ok());
}

TEST_F(TrackedPaths, DamagedAndSymlinkedPointersAreErrors) {
  write("x.cairn", "cairn: 1\n");
  EXPECT_THAT(find_tracked(workspace(), nullptr), FailsWith(Code::malformed, "x.cairn"));
  std::filesystem::remove(root() + "/x.cairn");
  ASSERT_EQ(::symlink("elsewhere", (root() + "/x.cairn").c_str()), 0);
  EXPECT_THAT(find_tracked(workspace(), nullptr), FailsWith(Code::conflict, "not a regular file"));
}

TEST_F(TrackedPaths, OfACommitAreThoseOfItsFiles) {
  point("a");
  point("sub/b");
  write(".cairnignore", "ignored/\n");
  write("ignored/x.cairn", "not a pointer");
  write("sub/.cairnignore", "old*\n");
  write("sub/old.cairn", "not a pointer");
  write("inner/.cairn/config", "core:\n  format: 1\n");
  write("inner/y.cairn", "not a pointer");
  git("add -A && git commit -qm first");
  std::filesystem::remove(root() + "/a.cairn");
  ASSERT_OK_AND_ASSIGN(git::Repository* const repository, workspace().git());
  ASSERT_OK_AND_ASSIGN(const git::Oid head, repository->resolve("HEAD"));
  ASSERT_OK_AND_ASSIGN(const auto tracked, find_tracked_at(workspace(), head, read_lines));
  EXPECT_THAT(paths(tracked), ElementsAre("a", "sub/b"));
  EXPECT_THAT(found(), ElementsAre("sub/b"));
}

TEST_F(TrackedPaths, OfACommitAreRelativeToTheProject) {
  std::filesystem::create_directories(root() + "/inner");
  ASSERT_OK(init_project(root() + "/inner", WithGit::required));
  point("inner/data");
  point("outside");
  git("add -A && git commit -qm first");
  ASSERT_OK_AND_ASSIGN(const auto inner, Workspace::open(root() + "/inner"));
  ASSERT_OK_AND_ASSIGN(git::Repository* const repository, inner->git());
  ASSERT_OK_AND_ASSIGN(const git::Oid head, repository->resolve("HEAD"));
  ASSERT_OK_AND_ASSIGN(const auto tracked, find_tracked_at(*inner, head, read_lines));
  EXPECT_THAT(paths(tracked), ElementsAre("data"));
}

TEST_F(TrackedPaths, AreSelectedByPathFolderAndPointer) {
  point("a");
  point("sub/b");
  point("sub/c", store::Family::tree);
  point("sub-b");
  point("sub0");
  const auto select = [this](const std::vector<std::string>& targets) {
    auto result = select_tracked(tracked(), targets);
    EXPECT_OK(result);
    return result.ok() ? paths(*result) : std::vector<std::string>();
  };
  EXPECT_THAT(select({}), ElementsAre("a", "sub-b", "sub/b", "sub/c", "sub0"));
  EXPECT_THAT(select({""}), ElementsAre("a", "sub-b", "sub/b", "sub/c", "sub0"));
  EXPECT_THAT(select({"sub"}), ElementsAre("sub/b", "sub/c"));
  EXPECT_THAT(select({"sub/c/inside/x"}), ElementsAre("sub/c"));
  EXPECT_THAT(select({"sub/c", "a.cairn", "sub/c"}), ElementsAre("a", "sub/c"));
  EXPECT_THAT(select({"sub?*"}), ElementsAre("sub-b", "sub0"));
  EXPECT_THAT(select({"sub/*", "sub0"}), ElementsAre("sub/b", "sub/c", "sub0"));
  EXPECT_THAT(select_tracked(tracked(), {"a", "nothing"}),
              FailsWith(Code::not_found, "'nothing' is not tracked"));
  EXPECT_THAT(select_tracked(tracked(), {"su"}), FailsWith(Code::not_found, "'su'"));
}

class IgnoreChecks : public test::ProjectFixture {};

TEST_F(IgnoreChecks, NameTheRuleThatDecides) {
  write(".cairnignore", "*.tmp\nbuild/\n");
  write("sub/.cairnignore", "# ours\n!keep.tmp\n");
  ASSERT_OK_AND_ASSIGN(const auto reports, check_ignore(workspace(), {"a.tmp", "sub/keep.tmp", "plain",
                                                                      "build/x/y", "build", "build/"}));
  ASSERT_EQ(reports.size(), 6U);
  EXPECT_TRUE(reports[0].ignored);
  EXPECT_EQ(reports[0].rule->file, ".cairnignore");
  EXPECT_EQ(reports[0].rule->line, 1U);
  EXPECT_FALSE(reports[1].ignored);
  EXPECT_EQ(reports[1].rule->file, "sub/.cairnignore");
  EXPECT_EQ(reports[1].rule->line, 2U);
  EXPECT_FALSE(reports[2].rule.has_value());
  EXPECT_TRUE(reports[3].ignored);
  EXPECT_FALSE(reports[4].ignored) << "taken for a file";
  EXPECT_TRUE(reports[5].ignored);
}

}  // namespace
}  // namespace cairn::project
