// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "os/fd.h"
#include "os/file.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::os {
namespace {

using test::FailsWith;
using test::read_text;
using test::write_text;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> names(const std::vector<DirEntry>& entries) {
  std::vector<std::string> out;
  for (const DirEntry& entry : entries) {
    out.push_back(entry.name);
  }
  return out;
}

class FolderTest : public testing::Test {
 protected:
  test::TempDir dir_;
};

TEST_F(FolderTest, ListsNamesSortedByUnsignedBytes) {
  for (const char* name : {"b", "a", "A", "\xff", "\x01", "a.b", "a-b", "é", ".hidden"}) {
    write_text(dir_ / name, "");
  }
  ASSERT_OK_AND_ASSIGN(auto entries, list_folder(dir_.path()));
  EXPECT_THAT(names(entries), ElementsAre("\x01", ".hidden", "A", "a", "a-b", "a.b", "b", "é", "\xff"));
}

TEST_F(FolderTest, ListsTheKindOfEachName) {
  write_text(dir_ / "d/x", "");
  write_text(dir_ / "f", "");
  std::filesystem::create_symlink("d", dir_ / "l");
  ASSERT_EQ(::mkfifo((dir_ / "p").c_str(), 0600), 0);
  ASSERT_OK_AND_ASSIGN(auto entries, list_folder(dir_.path()));
  ASSERT_THAT(names(entries), ElementsAre("d", "f", "l", "p"));
  EXPECT_EQ(entries[0].kind, Kind::folder);
  EXPECT_EQ(entries[1].kind, Kind::file);
  EXPECT_EQ(entries[2].kind, Kind::symlink);
  EXPECT_EQ(entries[3].kind, Kind::other);
}

TEST_F(FolderTest, ListsADescriptorAsOftenAsAsked) {
  write_text(dir_ / "a", "");
  for (int flags : {O_RDONLY | O_DIRECTORY, O_PATH | O_DIRECTORY}) {
    ASSERT_OK_AND_ASSIGN(Fd fd, open_file(dir_.path(), flags));
    EXPECT_THAT(names(list_folder(fd.get(), "x").value()), ElementsAre("a"));
    EXPECT_THAT(names(list_folder(fd.get(), "x").value()), ElementsAre("a"));
  }
}

TEST_F(FolderTest, ListsManyNames) {
  constexpr std::size_t kCount = 3000;  // more than one read of the system's
  for (std::size_t i = 0; i < kCount; ++i) {
    ASSERT_OK(open_file(dir_ / std::to_string(i), O_WRONLY | O_CREAT));
  }
  ASSERT_OK_AND_ASSIGN(auto entries, list_folder(dir_.path()));
  ASSERT_EQ(entries.size(), kCount);
  for (std::size_t i = 1; i < kCount; ++i) {
    EXPECT_LT(entries[i - 1].name, entries[i].name);
  }
}

TEST_F(FolderTest, ListingAFileOrNothingIsAnError) {
  write_text(dir_ / "f", "");
  EXPECT_THAT(list_folder(dir_ / "f"), FailsWith(Code::not_found, "/f'"));
  EXPECT_THAT(list_folder(dir_ / "gone"), FailsWith(Code::not_found, "/gone'"));
  EXPECT_THAT(list_folder(-1, "x"), FailsWith(Code::io, "cannot list 'x'"));
}

TEST_F(FolderTest, MakesMissingParents) {
  EXPECT_OK(make_folders(dir_ / "a/b/c"));
  EXPECT_OK(make_folders(dir_ / "a/b/c"));
  EXPECT_OK(make_folders(dir_ / "a/b/d/", Durable::no));
  EXPECT_TRUE(std::filesystem::is_directory(dir_ / "a/b/c"));
  EXPECT_TRUE(std::filesystem::is_directory(dir_ / "a/b/d"));
  EXPECT_OK(make_folders(""));
  EXPECT_OK(make_folders("/"));
}

TEST_F(FolderTest, MakesFoldersBelowTheCurrentOne) {
  std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(dir_.path());
  Status made = make_folders("x/y");
  std::filesystem::current_path(before);
  EXPECT_OK(made);
  EXPECT_TRUE(std::filesystem::is_directory(dir_ / "x/y"));
}

TEST_F(FolderTest, MakesFoldersWithTheModeAsked) {
  ASSERT_OK(make_folders(dir_ / "a/b", Durable::yes, 0700));
  EXPECT_EQ(find_stat(dir_ / "a")->value().mode, 0700u);
  EXPECT_EQ(find_stat(dir_ / "a/b")->value().mode, 0700u);
}

TEST_F(FolderTest, AFileInTheWayOfAFolderIsAnError) {
  write_text(dir_ / "f", "x");
  EXPECT_THAT(make_folders(dir_ / "f"), FailsWith(Code::exists, "cannot create folder '" + dir_ / "f"));
  EXPECT_THAT(make_folders(dir_ / "f/a"), FailsWith(Code::exists, "cannot create folder '" + dir_ / "f"));
  EXPECT_EQ(read_text(dir_ / "f"), "x");
}

TEST_F(FolderTest, AFolderCanBeReachedThroughALink) {
  std::filesystem::create_directory(dir_ / "real");
  std::filesystem::create_symlink("real", dir_ / "link");
  EXPECT_OK(make_folders(dir_ / "link/new"));
  EXPECT_TRUE(std::filesystem::is_directory(dir_ / "real/new"));
}

TEST_F(FolderTest, SyncsFoldersOnly) {
  EXPECT_OK(sync_folder(dir_.path()));
  EXPECT_THAT(sync_folder(dir_ / "gone"), FailsWith(Code::not_found, "gone'"));
  EXPECT_THAT(sync_folder(-1, "x"), FailsWith(Code::io, "cannot sync folder 'x'"));
}

TEST_F(FolderTest, RemovesATreeWithAllThatIsInIt) {
  write_text(dir_ / "t/a/b/c", "");
  write_text(dir_ / "t/\xff\n", "");
  ASSERT_EQ(::mkfifo((dir_ / "t/p").c_str(), 0600), 0);
  EXPECT_OK(remove_tree(dir_ / "t"));
  EXPECT_THAT(names(list_folder(dir_.path()).value()), IsEmpty());
  EXPECT_OK(remove_tree(dir_ / "t"));
}

TEST_F(FolderTest, RemovingATreeFollowsNoLink) {
  write_text(dir_ / "outside/precious", "x");
  std::filesystem::create_directory(dir_ / "t");
  std::filesystem::create_symlink(dir_ / "outside", dir_ / "t/link");
  std::filesystem::create_symlink(dir_ / "outside", dir_ / "top");
  EXPECT_OK(remove_tree(dir_ / "t"));
  EXPECT_OK(remove_tree(dir_ / "top"));
  EXPECT_EQ(read_text(dir_ / "outside/precious"), "x");
  EXPECT_THAT(names(list_folder(dir_.path()).value()), ElementsAre("outside"));
}

TEST_F(FolderTest, WhatCannotBeRemovedIsNamed) {
  EXPECT_THAT(remove_tree("/proc/self"), FailsWith(Code::permission, "cannot remove '/proc/self'"));
}

}  // namespace
}  // namespace cairn::os
