// SPDX-License-Identifier: Apache-2.0
#include "os/lock.h"

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <thread>

#include "os/file.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::os {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using test::FailsWith;
using test::read_text;
using test::write_text;
using testing::HasSubstr;
using testing::Not;

class LockTest : public testing::Test {
 protected:
  Result<FileLock> try_lock(LockMode mode) { return FileLock::acquire(path_, mode, milliseconds(0)); }
  test::TempDir dir_;
  std::string path_ = dir_ / "state/lock";
};

TEST_F(LockTest, ExclusiveKeepsEveryoneElseOut) {
  ASSERT_OK_AND_ASSIGN(FileLock held, try_lock(LockMode::exclusive));
  EXPECT_THAT(try_lock(LockMode::exclusive), FailsWith(Code::locked, "cannot lock '" + path_ + "'"));
  EXPECT_THAT(try_lock(LockMode::shared), FailsWith(Code::locked, "cannot lock '" + path_ + "'"));
}

TEST_F(LockTest, SharedKeepsOutTheExclusiveOnly) {
  ASSERT_OK_AND_ASSIGN(FileLock first, try_lock(LockMode::shared));
  EXPECT_OK(try_lock(LockMode::shared));
  EXPECT_THAT(try_lock(LockMode::exclusive), FailsWith(Code::locked, "other commands are using it"));
}

TEST_F(LockTest, IsFreeAfterItsScopeAndTheFileStays) {
  { ASSERT_OK_AND_ASSIGN(FileLock held, try_lock(LockMode::exclusive)); }
  EXPECT_TRUE(std::filesystem::exists(path_));
  EXPECT_OK(try_lock(LockMode::exclusive));
}

TEST_F(LockTest, MovesWithItsOwner) {
  std::optional<FileLock> kept;
  {
    ASSERT_OK_AND_ASSIGN(FileLock held, try_lock(LockMode::exclusive));
    kept.emplace(std::move(held));
  }
  EXPECT_THAT(try_lock(LockMode::shared), FailsWith(Code::locked, ""));
  kept.reset();
  EXPECT_OK(try_lock(LockMode::shared));
}

TEST_F(LockTest, TheErrorNamesTheHolderAndWhatToDo) {
  ASSERT_OK_AND_ASSIGN(FileLock held, try_lock(LockMode::exclusive));
  char host[256] = {};
  ASSERT_EQ(::gethostname(host, sizeof host - 1), 0);
  std::string holder = "os_test pid " + std::to_string(::getpid()) + " on " + host;
  EXPECT_EQ(read_text(path_), holder + "\n");
  Result<FileLock> second = try_lock(LockMode::exclusive);
  EXPECT_THAT(second, FailsWith(Code::locked, ": " + holder + " is using it"));
  EXPECT_THAT(second.error().hint(), HasSubstr("wait"));
}

TEST_F(LockTest, AShorterHolderReplacesTheWholeTextOfALongerOne) {
  write_text(path_, std::string(500, 'x'));
  ASSERT_OK_AND_ASSIGN(FileLock held, try_lock(LockMode::exclusive));
  EXPECT_THAT(read_text(path_), Not(HasSubstr("x\n")));
  EXPECT_THAT(read_text(path_), Not(HasSubstr("xxx")));
}

TEST_F(LockTest, OldTextIsNotBlamedForASharedLock) {
  { ASSERT_OK_AND_ASSIGN(FileLock dead, try_lock(LockMode::exclusive)); }
  ASSERT_OK_AND_ASSIGN(FileLock reader, try_lock(LockMode::shared));
  Result<FileLock> second = try_lock(LockMode::exclusive);
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(second.error().message(), Not(HasSubstr("pid")));
}

TEST_F(LockTest, TextOfAHolderIsEscaped) {
  ASSERT_OK_AND_ASSIGN(FileLock held, try_lock(LockMode::exclusive));
  write_text(path_, "evil\x1b[31m\nsecond line");
  Result<FileLock> second = try_lock(LockMode::exclusive);
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(second.error().message(), HasSubstr("evil\\x1b[31m is using it"));
}

TEST_F(LockTest, WaitsUntilTheHolderIsGone) {
  std::optional<FileLock> held;
  held.emplace(std::move(try_lock(LockMode::exclusive)).value());
  std::atomic<bool> released{false};
  std::thread waiter([&] {
    auto second = FileLock::acquire(path_, LockMode::exclusive, hours(1));
    EXPECT_OK(second);
    EXPECT_TRUE(released);
  });
  released = true;
  held.reset();
  waiter.join();
}

TEST_F(LockTest, TheKernelFreesItWhenTheHolderIsKilled) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  pid_t child = ::fork();
  if (child == 0) {
    auto held = try_lock(LockMode::exclusive);
    [[maybe_unused]] ssize_t ignored = ::write(ready[1], held.ok() ? "y" : "n", 1);
    ::pause();
    ::_exit(0);
  }
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  EXPECT_THAT(try_lock(LockMode::shared), FailsWith(Code::locked, "pid " + std::to_string(child)));
  ::kill(child, SIGKILL);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_OK(try_lock(LockMode::exclusive));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(LockTest, FollowsNoSymlink) {
  write_text(dir_ / "precious", "x");
  ASSERT_OK(make_folders(dir_ / "state"));
  std::filesystem::create_symlink(dir_ / "precious", path_);
  EXPECT_FALSE(try_lock(LockMode::exclusive).ok());
  EXPECT_EQ(read_text(dir_ / "precious"), "x");
}

}  // namespace
}  // namespace cairn::os
