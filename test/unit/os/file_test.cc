// SPDX-License-Identifier: Apache-2.0
#include "os/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "os/fd.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::os {
namespace {

using test::FailsWith;
using test::read_text;
using test::write_text;
using testing::HasSubstr;

class FileTest : public testing::Test {
 protected:
  test::TempDir dir_;
};

TEST_F(FileTest, StatTellsTheKindAndFollowsNoLink) {
  write_text(dir_ / "file", "12345");
  std::filesystem::create_symlink("file", dir_ / "link");
  ASSERT_EQ(::mkfifo((dir_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(find_stat(dir_ / "file")->value().kind, Kind::file);
  EXPECT_EQ(find_stat(dir_ / "link")->value().kind, Kind::symlink);
  EXPECT_EQ(find_stat(dir_ / "pipe")->value().kind, Kind::other);
  EXPECT_EQ(find_stat(dir_.path())->value().kind, Kind::folder);
}

TEST_F(FileTest, StatTellsSizeTimesModeAndLinks) {
  write_text(dir_ / "file", "12345");
  std::filesystem::create_hard_link(dir_ / "file", dir_ / "second");
  ASSERT_EQ(::chmod((dir_ / "file").c_str(), 0750), 0);
  struct timespec times[2] = {{1, 2}, {1'700'000'000, 123'456'789}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (dir_ / "file").c_str(), times, 0), 0);
  ASSERT_OK_AND_ASSIGN(auto found, find_stat(dir_ / "file"));
  const FileStat& stat = found.value();
  EXPECT_EQ(stat.size, 5u);
  EXPECT_EQ(stat.mtime_ns, 1'700'000'000'123'456'789);
  EXPECT_GT(stat.ctime_ns, stat.mtime_ns);
  EXPECT_EQ(stat.links, 2u);
  EXPECT_EQ(stat.mode, 0750u);
  EXPECT_TRUE(stat.executable());
  EXPECT_EQ(find_stat(dir_ / "second")->value().inode, stat.inode);

  ASSERT_OK_AND_ASSIGN(Fd fd, open_file(dir_ / "file", O_RDONLY));
  ASSERT_OK_AND_ASSIGN(FileStat by_fd, stat_fd(fd.get(), "file"));
  EXPECT_EQ(by_fd, stat);
}

TEST_F(FileTest, OnlyTheOwnersBitMakesAFileExecutable) {
  FileStat stat;
  stat.mode = 0655;
  EXPECT_FALSE(stat.executable());
  stat.mode = 0700;
  EXPECT_TRUE(stat.executable());
}

TEST_F(FileTest, AbsenceIsNoError) {
  write_text(dir_ / "file", "");
  EXPECT_FALSE(find_stat(dir_ / "gone")->has_value());
  EXPECT_FALSE(find_stat(dir_ / "file/below")->has_value());
  ASSERT_OK_AND_ASSIGN(Fd folder, open_file(dir_.path(), O_RDONLY | O_DIRECTORY));
  EXPECT_FALSE(find_stat_at(folder.get(), "gone")->has_value());
  EXPECT_TRUE(find_stat_at(folder.get(), "file")->has_value());
  EXPECT_FALSE(find_file(dir_ / "gone")->has_value());
  EXPECT_FALSE(find_file(dir_ / "file/below")->has_value());
}

TEST_F(FileTest, AFailureToStatIsNotAbsence) {
  EXPECT_THAT(find_stat(std::string(5000, 'x')), FailsWith(Code::io, "cannot stat"));
  EXPECT_THAT(stat_fd(-1, "x"), FailsWith(Code::io, "cannot stat 'x'"));
}

TEST_F(FileTest, ReadsTheWholeOfAFile) {
  std::string content(100'000, 'x');
  content[77'777] = '\0';
  write_text(dir_ / "file", content);
  EXPECT_EQ(as_text(read_file(dir_ / "file").value()), content);
  EXPECT_EQ(as_text(find_file(dir_ / "file")->value()), content);
  write_text(dir_ / "empty", "");
  EXPECT_TRUE(read_file(dir_ / "empty")->empty());
}

TEST_F(FileTest, ReadsFilesThatClaimToBeEmpty) {
  ASSERT_OK_AND_ASSIGN(Buffer bytes, read_file("/proc/self/status"));
  EXPECT_THAT(as_text(bytes), HasSubstr("Pid:"));
  EXPECT_TRUE(read_file("/dev/null")->empty());
}

TEST_F(FileTest, RefusesWhatIsLongerThanTheLimit) {
  write_text(dir_ / "file", "0123456789");
  EXPECT_OK(read_file(dir_ / "file", 10));
  EXPECT_THAT(read_file(dir_ / "file", 9), FailsWith(Code::malformed, "longer than 9 bytes"));
  EXPECT_THAT(find_file(dir_ / "file", 9), FailsWith(Code::malformed, "longer than 9 bytes"));
  EXPECT_THAT(read_file("/dev/zero", 10'000), FailsWith(Code::malformed, "longer than 10000 bytes"));
}

TEST_F(FileTest, ReadingAMissingFileIsNotFoundAndAFolderOrPipeAnError) {
  EXPECT_THAT(read_file(dir_ / "gone"), FailsWith(Code::not_found, "gone'"));
  EXPECT_THAT(read_file(dir_.path()), FailsWith(Code::io, "cannot read"));
  ASSERT_EQ(::mkfifo((dir_ / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(read_file(dir_ / "pipe"), FailsWith(Code::io, "it is a pipe"));
}

TEST_F(FileTest, RemovingAFileTwiceIsFine) {
  write_text(dir_ / "file", "");
  EXPECT_OK(remove_file(dir_ / "file"));
  EXPECT_FALSE(std::filesystem::exists(dir_ / "file"));
  EXPECT_OK(remove_file(dir_ / "file"));
  EXPECT_THAT(remove_file(dir_.path()), FailsWith(Code::io, "cannot remove"));
}

TEST_F(FileTest, RenamesOverAnExistingFileAndNamesBothOnFailure) {
  write_text(dir_ / "a", "new");
  write_text(dir_ / "b", "old");
  ASSERT_OK(rename_file(dir_ / "a", dir_ / "b"));
  EXPECT_EQ(read_text(dir_ / "b"), "new");
  EXPECT_THAT(rename_file(dir_ / "a", dir_ / "c"),
              FailsWith(Code::not_found, "cannot rename '" + (dir_ / "a") + "' to '" + (dir_ / "c") + "'"));
}

TEST_F(FileTest, ReadsALinkOfAnyLengthAsBytes) {
  ASSERT_OK_AND_ASSIGN(Fd folder, open_file(dir_.path(), O_RDONLY | O_DIRECTORY));
  for (std::size_t length : {1u, 255u, 256u, 257u, 4000u}) {
    std::string target(length, '\xff');
    std::string name = "link" + std::to_string(length);
    ASSERT_EQ(::symlink(target.c_str(), (dir_ / name).c_str()), 0);
    EXPECT_EQ(read_link_at(folder.get(), name).value(), target);
  }
  write_text(dir_ / "file", "");
  EXPECT_THAT(read_link_at(folder.get(), "file"), FailsWith(Code::io, "cannot read link"));
  EXPECT_THAT(read_link_at(folder.get(), "gone"), FailsWith(Code::not_found, "cannot read link"));
}

}  // namespace
}  // namespace cairn::os
