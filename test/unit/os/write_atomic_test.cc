// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>

#include "os/file.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::os {
namespace {

using test::FailsWith;
using test::read_text;
using test::write_text;
using testing::SizeIs;

/// Sets the umask for one scope.
class Umask {
 public:
  explicit Umask(mode_t mask) : old_(::umask(mask)) {}
  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;
  ~Umask() { ::umask(old_); }

 private:
  mode_t old_;
};

class WriteAtomicTest : public testing::Test {
 protected:
  unsigned mode_of(std::string_view name) { return find_stat(dir_ / name)->value().mode; }
  std::uint64_t inode_of(std::string_view name) { return find_stat(dir_ / name)->value().inode; }
  std::size_t count() { return list_folder(dir_.path())->size(); }
  test::TempDir dir_;
};

TEST_F(WriteAtomicTest, MakesTheFileAndNothingElse) {
  ASSERT_OK(write_atomic(dir_ / "f", as_bytes("content")));
  EXPECT_EQ(read_text(dir_ / "f"), "content");
  EXPECT_EQ(count(), 1u);
  ASSERT_OK(write_atomic(dir_ / "f", {}, {.durable = Durable::no}));
  EXPECT_EQ(read_text(dir_ / "f"), "");
  EXPECT_EQ(count(), 1u);
}

TEST_F(WriteAtomicTest, ReplacesTheFileInsteadOfChangingIt) {
  write_text(dir_ / "f", "old");
  std::filesystem::create_hard_link(dir_ / "f", dir_ / "second");
  ASSERT_OK(write_atomic(dir_ / "f", as_bytes("new")));
  EXPECT_EQ(read_text(dir_ / "f"), "new");
  EXPECT_EQ(read_text(dir_ / "second"), "old");
}

TEST_F(WriteAtomicTest, ANewFileGetsItsModeCutByUmaskUnlessExact) {
  Umask umask(027);
  ASSERT_OK(write_atomic(dir_ / "plain", {}));
  EXPECT_EQ(mode_of("plain"), 0640u);
  ASSERT_OK(write_atomic(dir_ / "program", {}, {.mode = 0777}));
  EXPECT_EQ(mode_of("program"), 0750u);
  ASSERT_OK(write_atomic(dir_ / "exact", {}, {.mode = 0666, .exact_mode = true}));
  EXPECT_EQ(mode_of("exact"), 0666u);
  ASSERT_OK(write_atomic(dir_ / "secret", {}, {.mode = 0600, .exact_mode = true}));
  EXPECT_EQ(mode_of("secret"), 0600u);
}

TEST_F(WriteAtomicTest, AnExistingFileKeepsItsMode) {
  Umask umask(077);
  write_text(dir_ / "f", "old");
  ASSERT_EQ(::chmod((dir_ / "f").c_str(), 0754), 0);
  ASSERT_OK(write_atomic(dir_ / "f", as_bytes("new")));
  EXPECT_EQ(mode_of("f"), 0754u);
}

TEST_F(WriteAtomicTest, ASymlinkIsReplacedAndItsTargetLeftAlone) {
  write_text(dir_ / "target", "old");
  std::filesystem::create_symlink("target", dir_ / "link");
  ASSERT_OK(write_atomic(dir_ / "link", as_bytes("new")));
  EXPECT_EQ(find_stat(dir_ / "link")->value().kind, Kind::file);
  EXPECT_EQ(read_text(dir_ / "link"), "new");
  EXPECT_EQ(read_text(dir_ / "target"), "old");
}

TEST_F(WriteAtomicTest, TheLongestNamesCanBeWritten) {
  std::string ascii(255, 'n');
  ASSERT_OK(write_atomic(dir_ / ascii, as_bytes("1")));
  EXPECT_EQ(read_text(dir_ / ascii), "1");
  std::string wide;
  for (int i = 0; i < 85; ++i) {
    wide += "数";
  }
  ASSERT_OK(write_atomic(dir_ / wide, as_bytes("2")));
  EXPECT_EQ(read_text(dir_ / wide), "2");
  EXPECT_EQ(count(), 2u);
}

TEST_F(WriteAtomicTest, WritesIntoTheCurrentFolder) {
  std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(dir_.path());
  Status written = write_atomic("f", as_bytes("x"));
  std::filesystem::current_path(before);
  EXPECT_OK(written);
  EXPECT_EQ(read_text(dir_ / "f"), "x");
}

TEST_F(WriteAtomicTest, AFailedWriteLeavesTheOldFileAndNoTemporary) {
  write_text(dir_ / "f", "old");
  auto handler = ::signal(SIGXFSZ, SIG_IGN);
  struct rlimit old {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  struct rlimit small = old;
  small.rlim_cur = 100;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  Status status = write_atomic(dir_ / "f", Buffer(101));
  ::setrlimit(RLIMIT_FSIZE, &old);
  ::signal(SIGXFSZ, handler);
  EXPECT_THAT(status, FailsWith(Code::no_space, "cannot write '" + dir_ / "f"));
  EXPECT_EQ(read_text(dir_ / "f"), "old");
  EXPECT_EQ(count(), 1u);
}

TEST_F(WriteAtomicTest, AFailedRenameLeavesNoTemporary) {
  std::filesystem::create_directory(dir_ / "f");
  EXPECT_THAT(write_atomic(dir_ / "f", as_bytes("x")), FailsWith(Code::io, "Is a directory"));
  EXPECT_EQ(count(), 1u);
}

TEST_F(WriteAtomicTest, AMissingFolderIsNotFound) {
  EXPECT_THAT(write_atomic(dir_ / "gone/f", {}), FailsWith(Code::not_found, "gone'"));
}

TEST_F(WriteAtomicTest, TheSameContentIsNotWrittenAgain) {
  EXPECT_TRUE(write_if_changed(dir_ / "f", as_bytes("one")).value());
  std::uint64_t inode = inode_of("f");
  EXPECT_FALSE(write_if_changed(dir_ / "f", as_bytes("one")).value());
  EXPECT_EQ(inode_of("f"), inode);
  EXPECT_TRUE(write_if_changed(dir_ / "f", as_bytes("two")).value()) << "same length";
  EXPECT_TRUE(write_if_changed(dir_ / "f", as_bytes("three")).value()) << "longer";
  EXPECT_TRUE(write_if_changed(dir_ / "f", as_bytes("")).value()) << "empty";
  EXPECT_FALSE(write_if_changed(dir_ / "f", as_bytes("")).value());
  EXPECT_EQ(read_text(dir_ / "f"), "");
}

TEST_F(WriteAtomicTest, ALinkToTheSameContentIsReplacedByAFile) {
  write_text(dir_ / "target", "same");
  std::filesystem::create_symlink("target", dir_ / "link");
  EXPECT_TRUE(write_if_changed(dir_ / "link", as_bytes("same")).value());
  EXPECT_EQ(find_stat(dir_ / "link")->value().kind, Kind::file);
}

}  // namespace
}  // namespace cairn::os
