// SPDX-License-Identifier: Apache-2.0
#include "os/root.h"

#include <filesystem>
#include <thread>

#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::os {
namespace {

using test::FailsWith;
using test::read_text;
using test::write_text;

class RootTest : public testing::Test {
 protected:
  [[nodiscard]] std::string in(std::string_view name) const { return dir_ / ("root/" + std::string(name)); }
  void TearDown() override {
    EXPECT_EQ(read_text(dir_ / "outside/secret"), "secret");
    EXPECT_EQ(list_folder(dir_ / "outside")->size(), 1u) << "something was written outside";
  }

  test::TempDir dir_;
  bool made_ = [this] {  // before root_ is opened
    std::filesystem::create_directory(dir_ / "root");
    write_text(dir_ / "outside/secret", "secret");
    std::filesystem::create_symlink(dir_ / "outside", in("out"));
    return true;
  }();
  Root root_ = std::move(Root::open(dir_ / "root")).value();
};

TEST_F(RootTest, KnowsItsPath) {
  EXPECT_EQ(root_.path(), dir_ / "root");
  EXPECT_EQ(root_.shown("a/b"), dir_ / "root/a/b");
  EXPECT_EQ(root_.shown(""), dir_ / "root");
  EXPECT_EQ(std::move(Root::open(dir_ / "x/../root/.")).value().path(), dir_ / "root");
}

TEST_F(RootTest, MustBeAFolder) {
  write_text(in("f"), "");
  EXPECT_THAT(Root::open(in("gone")), FailsWith(Code::not_found, "gone'"));
  EXPECT_THAT(Root::open(in("f")), FailsWith(Code::not_found, "/f'"));
}

TEST_F(RootTest, NoFunctionTakesAPathThatLeadsOut) {
  for (std::string_view path : {"../outside/secret", "/etc/passwd", "a/../../outside", "..", ".", "a//b",
                                ".git/config", ".cairn/config", "a/.GIT/hooks"}) {
    EXPECT_THAT(root_.open_at(path, O_RDONLY), FailsWith(Code::malformed, "bad path")) << path;
    EXPECT_THAT(root_.open_at(path, O_WRONLY | O_CREAT), FailsWith(Code::malformed, "bad path")) << path;
    EXPECT_THAT(root_.open_folder(path), FailsWith(Code::malformed, "bad path")) << path;
    EXPECT_THAT(root_.make_folder(path), FailsWith(Code::malformed, "bad path")) << path;
    EXPECT_THAT(root_.find_stat(path), FailsWith(Code::malformed, "bad path")) << path;
    EXPECT_THAT(root_.remove(path), FailsWith(Code::malformed, "bad path")) << path;
    EXPECT_THAT(root_.remove_tree(path), FailsWith(Code::malformed, "bad path")) << path;
    EXPECT_THAT(root_.rename(path, "x"), FailsWith(Code::malformed, "bad path")) << path;
    EXPECT_THAT(root_.rename("out", path), FailsWith(Code::malformed, "bad path")) << path;
    EXPECT_THAT(root_.make_symlink(path, "x"), FailsWith(Code::malformed, "bad path")) << path;
  }
}

TEST_F(RootTest, NoFunctionGoesThroughASymlink) {
  write_text(in("file"), "");
  EXPECT_THAT(root_.open_at("out/secret", O_RDONLY),
              FailsWith(Code::conflict, "is a symlink, or lies below one"));
  EXPECT_THAT(root_.open_at("out/new", O_WRONLY | O_CREAT), FailsWith(Code::conflict, "cannot create"));
  EXPECT_THAT(root_.open_at("out", O_RDONLY), FailsWith(Code::conflict, "symlink"));
  EXPECT_THAT(root_.open_folder("out"), FailsWith(Code::conflict, "symlink"));
  EXPECT_THAT(root_.make_folder("out"), FailsWith(Code::conflict, "a file or symlink stands there"));
  EXPECT_THAT(root_.make_folder("out/new"),
              FailsWith(Code::conflict, "out': a file or symlink stands there"));
  EXPECT_FALSE(root_.find_stat("out/secret")->has_value());
  EXPECT_OK(root_.remove("out/secret"));
  EXPECT_OK(root_.remove_tree("out/secret"));
  EXPECT_THAT(root_.rename("out/secret", "mine"), FailsWith(Code::conflict, "symlink"));
  EXPECT_THAT(root_.rename("file", "out/secret"), FailsWith(Code::conflict, "symlink"));
  EXPECT_THAT(root_.make_symlink("out/new", "x"), FailsWith(Code::conflict, "symlink"));
}

TEST_F(RootTest, OpensFilesAndItself) {
  write_text(in("a/file"), "x");
  EXPECT_OK(root_.open_at("a/file", O_RDONLY));
  EXPECT_OK(root_.open_at("", O_RDONLY | O_DIRECTORY));
  EXPECT_OK(root_.open_folder(""));
  EXPECT_THAT(root_.open_at("a/gone", O_RDONLY), FailsWith(Code::not_found, "root/a/gone'"));
  EXPECT_THAT(root_.open_folder("a/file"), FailsWith(Code::not_found, "Not a directory"));
  ASSERT_OK_AND_ASSIGN(Fd made, root_.open_at("a/new", O_WRONLY | O_CREAT | O_EXCL, 0600));
  ASSERT_OK(write_at(made.get(), as_bytes("new"), 0, "new"));
  EXPECT_EQ(read_text(in("a/new")), "new");
}

TEST_F(RootTest, MakesFoldersAndTheirParents) {
  ASSERT_OK_AND_ASSIGN(Fd folder, root_.make_folder("a/b/c"));
  EXPECT_OK(open_at(folder.get(), "file", O_WRONLY | O_CREAT));
  EXPECT_TRUE(std::filesystem::exists(in("a/b/c/file")));
  EXPECT_OK(root_.make_folder("a/b/c"));
  EXPECT_OK(root_.make_folder(""));
  EXPECT_THAT(root_.make_folder("a/b/c/file"),
              FailsWith(Code::conflict, "file': a file or symlink stands there"));
  EXPECT_THAT(root_.make_folder("a/b/c/file/x"),
              FailsWith(Code::conflict, "c/file': a file or symlink stands there"));
}

TEST_F(RootTest, ManyThreadsMayMakeTheSameFolder) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] {
      for (int round = 0; round < 50; ++round) {
        EXPECT_OK(root_.make_folder("d" + std::to_string(round) + "/x/y"));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

TEST_F(RootTest, StatTellsOfLinksAndOfAbsence) {
  write_text(in("a/file"), "12345");
  EXPECT_EQ(root_.find_stat("a/file")->value().size, 5u);
  EXPECT_EQ(root_.find_stat("a")->value().kind, Kind::folder);
  EXPECT_EQ(root_.find_stat("")->value().kind, Kind::folder);
  EXPECT_EQ(root_.find_stat("out")->value().kind, Kind::symlink);
  EXPECT_FALSE(root_.find_stat("gone")->has_value());
  EXPECT_FALSE(root_.find_stat("gone/x")->has_value());
  EXPECT_FALSE(root_.find_stat("a/file/x")->has_value());
  EXPECT_FALSE(root_.find_stat("a/file/x/y")->has_value());
}

TEST_F(RootTest, RemovesFilesLinksAndEmptyFolders) {
  write_text(in("a/file"), "");
  EXPECT_THAT(root_.remove("a"), FailsWith(Code::exists, "Directory not empty"));
  EXPECT_OK(root_.remove("a/file"));
  EXPECT_OK(root_.remove("a/file"));
  EXPECT_OK(root_.remove("a"));
  EXPECT_OK(root_.remove("out"));
  EXPECT_OK(root_.remove("gone/x"));
  EXPECT_TRUE(list_folder(dir_ / "root")->empty());
}

TEST_F(RootTest, NeverRemovesItself) {
  EXPECT_THAT(root_.remove(""), FailsWith(Code::malformed, "cannot be empty"));
  EXPECT_THAT(root_.remove_tree(""), FailsWith(Code::malformed, "cannot be empty"));
}

TEST_F(RootTest, RemovesATreeButNotWhatItsLinksPointTo) {
  write_text(in("a/b/c"), "");
  std::filesystem::create_symlink(dir_ / "outside", in("a/link"));
  EXPECT_OK(root_.remove_tree("a"));
  EXPECT_OK(root_.remove_tree("out"));
  EXPECT_OK(root_.remove_tree("gone"));
  EXPECT_TRUE(list_folder(dir_ / "root")->empty());
}

TEST_F(RootTest, RenamesBetweenFolders) {
  write_text(in("a/file"), "x");
  ASSERT_OK(root_.make_folder("b"));
  EXPECT_OK(root_.rename("a/file", "b/moved"));
  EXPECT_EQ(read_text(in("b/moved")), "x");
  EXPECT_THAT(root_.rename("a/file", "b/again"), FailsWith(Code::not_found, "a/file' to '"));
  EXPECT_THAT(root_.rename("b/moved", "gone/x"), FailsWith(Code::not_found, "gone/x'"));
}

TEST_F(RootTest, MakesASymlinkOnlyWhereTheNameIsFree) {
  write_text(in("file"), "");
  EXPECT_OK(root_.make_symlink("link", "any/../target\n"));
  EXPECT_EQ(read_link_at(root_.fd(), "link").value(), "any/../target\n");
  EXPECT_THAT(root_.make_symlink("link", "other"), FailsWith(Code::exists, "cannot create symlink"));
  EXPECT_THAT(root_.make_symlink("file", "other"), FailsWith(Code::exists, "cannot create symlink"));
  EXPECT_THAT(root_.make_symlink("gone/link", "other"), FailsWith(Code::not_found, "cannot create symlink"));
}

TEST_F(RootTest, StaysWithTheFolderThatItOpened) {
  write_text(in("file"), "mine");
  std::filesystem::rename(dir_ / "root", dir_ / "moved");
  write_text(dir_ / "root/file2", "other");
  EXPECT_TRUE(root_.find_stat("file")->has_value());
  EXPECT_FALSE(root_.find_stat("file2")->has_value());
}

}  // namespace
}  // namespace cairn::os
