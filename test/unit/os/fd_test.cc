// SPDX-License-Identifier: Apache-2.0
#include "os/fd.h"

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::os {
namespace {

using test::FailsWith;
using test::read_text;
using test::write_text;

bool is_open(int fd) {
  return ::fcntl(fd, F_GETFD) >= 0;
}

class FdTest : public testing::Test {
 protected:
  Fd open_new(std::string_view name) { return std::move(open_file(dir_ / name, O_RDWR | O_CREAT)).value(); }
  test::TempDir dir_;
};

TEST_F(FdTest, ClosesAtTheEndOfItsScope) {
  int number = -1;
  {
    Fd fd = open_new("a");
    number = fd.get();
    EXPECT_TRUE(is_open(number));
  }
  EXPECT_FALSE(is_open(number));
}

TEST_F(FdTest, MovingHandsOverAndClosesWhatWasHeld) {
  Fd first = open_new("a");
  Fd second = open_new("b");
  int held = first.get();
  int moved = second.get();
  first = std::move(second);
  EXPECT_EQ(first.get(), moved);
  EXPECT_FALSE(is_open(held));
  EXPECT_TRUE(is_open(moved));
  Fd third = std::move(first);
  EXPECT_EQ(third.get(), moved);
  EXPECT_FALSE(first.valid());  // NOLINT(bugprone-use-after-move): what a moved Fd is, is the point
  EXPECT_TRUE(is_open(moved));
}

TEST_F(FdTest, ReleaseLeavesTheDescriptorOpen) {
  Fd fd = open_new("a");
  Fd again(fd.release());
  EXPECT_FALSE(fd.valid());
  EXPECT_TRUE(is_open(again.get()));
}

TEST_F(FdTest, CloseReportsAFailureOnceAndOnlyOnce) {
  Fd fd = open_new("a");
  ::close(fd.get());
  EXPECT_THAT(fd.close("a"), FailsWith(Code::io, "cannot close 'a'"));
  EXPECT_OK(fd.close("a"));
}

TEST_F(FdTest, OpensCloseOnExec) {
  Fd fd = open_new("a");
  EXPECT_EQ(::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
}

TEST_F(FdTest, OpeningAMissingFileIsNotFoundAndNamesIt) {
  EXPECT_THAT(open_file(dir_ / "gone", O_RDONLY),
              FailsWith(Code::not_found, "cannot open '" + dir_ / "gone"));
  EXPECT_THAT(open_file(dir_ / "no/file", O_RDWR | O_CREAT), FailsWith(Code::not_found, "cannot create '"));
}

TEST_F(FdTest, OpensRelativeToAFolder) {
  write_text(dir_ / "a", "x");
  ASSERT_OK_AND_ASSIGN(Fd folder, open_file(dir_.path(), O_RDONLY | O_DIRECTORY));
  EXPECT_OK(open_at(folder.get(), "a", O_RDONLY));
}

TEST_F(FdTest, ReadsUpToTheEndOfTheFile) {
  write_text(dir_ / "a", "0123456789");
  Fd fd = open_new("a");
  Buffer out(8);
  ASSERT_OK_AND_ASSIGN(std::size_t got, read_at(fd.get(), out, 6, "a"));
  EXPECT_EQ(as_text(Bytes(out).first(got)), "6789");
  ASSERT_OK_AND_ASSIGN(got, read_at(fd.get(), out, 100, "a"));
  EXPECT_EQ(got, 0u);
}

TEST_F(FdTest, ReadingExactlyRefusesAShortFile) {
  write_text(dir_ / "a", "0123456789");
  Fd fd = open_new("a");
  Buffer out(4);
  ASSERT_OK(read_exactly_at(fd.get(), out, 6, "a"));
  EXPECT_EQ(as_text(out), "6789");
  EXPECT_THAT(read_exactly_at(fd.get(), out, 7, "a"), FailsWith(Code::corrupt, "ends at byte 10"));
}

TEST_F(FdTest, ReadingWhatIsNotOpenIsAnError) {
  Buffer out(4);
  EXPECT_THAT(read_at(-1, out, 0, "x"), FailsWith(Code::io, "cannot read 'x'"));
}

TEST_F(FdTest, WritesAtAnOffsetAndLeavesTheRest) {
  write_text(dir_ / "a", "0123456789");
  Fd fd = open_new("a");
  ASSERT_OK(write_at(fd.get(), as_bytes("abc"), 4, "a"));
  EXPECT_OK(sync_data(fd.get(), "a"));
  EXPECT_EQ(read_text(dir_ / "a"), "0123abc789");
}

TEST_F(FdTest, AFullDeviceIsNoSpace) {
  ASSERT_OK_AND_ASSIGN(Fd full, open_file("/dev/full", O_WRONLY));
  EXPECT_THAT(write_at(full.get(), as_bytes("abc"), 0, "disk"),
              FailsWith(Code::no_space, "cannot write 'disk'"));
}

TEST_F(FdTest, AWriteThatTheSystemCutsShortGoesOnAndThenFails) {
  // With a limit of 5 bytes a file the first write takes 5, the second none.
  auto ignored = ::signal(SIGXFSZ, SIG_IGN);
  struct rlimit old {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  struct rlimit five = old;
  five.rlim_cur = 5;
  Fd fd = open_new("a");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &five), 0);
  Status status = write_at(fd.get(), as_bytes("0123456789"), 0, "a");
  ::setrlimit(RLIMIT_FSIZE, &old);
  ::signal(SIGXFSZ, ignored);
  EXPECT_THAT(status, FailsWith(Code::no_space, "cannot write 'a'"));
  EXPECT_EQ(read_text(dir_ / "a"), "01234");
}

TEST_F(FdTest, SyncingWhatCannotBeSyncedIsAnError) {
  EXPECT_THAT(sync_data(-1, "x"), FailsWith(Code::io, "cannot sync 'x'"));
}

}  // namespace
}  // namespace cairn::os
