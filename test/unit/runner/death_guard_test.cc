// SPDX-License-Identifier: Apache-2.0
#include "runner/death_guard.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

#include "support/matchers.h"

namespace cairn::runner {
namespace {

/// A process in a group of its own that waits for signals.
pid_t start_sleeper() {
  const pid_t pid = fork();
  if (pid == 0) {
    setpgid(0, 0);
    while (true) {
      pause();
    }
  }
  setpgid(pid, pid);
  return pid;
}

TEST(DeathGuard, KillsTheGroupWhenItsOwnerIsKilled) {
  // The sleeper must be a child of this process, so that how it ended can be seen.
  const pid_t sleeper = start_sleeper();
  ASSERT_GT(sleeper, 0);
  std::array<int, 2> ready{};
  ASSERT_EQ(pipe(ready.data()), 0);
  const pid_t owner = fork();
  if (owner == 0) {
    auto guard = DeathGuard::watch(sleeper);
    [[maybe_unused]] const ssize_t told = write(ready[1], guard.ok() ? "y" : "n", 1);
    while (true) {
      pause();
    }
  }
  char answer = 0;
  ASSERT_EQ(read(ready[0], &answer, 1), 1);
  ASSERT_EQ(answer, 'y');
  kill(owner, SIGKILL);
  waitpid(owner, nullptr, 0);
  int raw = 0;
  ASSERT_EQ(waitpid(sleeper, &raw, 0), sleeper);  // hangs, and times out, if nobody kills it
  EXPECT_TRUE(WIFSIGNALED(raw));
  EXPECT_EQ(WTERMSIG(raw), SIGKILL);
  close(ready[0]);
  close(ready[1]);
}

TEST(DeathGuard, LeavesTheGroupAloneOnceReleased) {
  const pid_t sleeper = start_sleeper();
  ASSERT_GT(sleeper, 0);
  {
    ASSERT_OK_AND_ASSIGN(DeathGuard guard, DeathGuard::watch(sleeper));
    guard.release();
    guard.release();
  }
  // The guard is gone and reaped, so nothing can come later.
  int raw = 0;
  EXPECT_EQ(waitpid(sleeper, &raw, WNOHANG), 0);
  kill(sleeper, SIGTERM);
  ASSERT_EQ(waitpid(sleeper, &raw, 0), sleeper);
  EXPECT_EQ(WTERMSIG(raw), SIGTERM);
}

}  // namespace
}  // namespace cairn::runner
