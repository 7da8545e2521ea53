// SPDX-License-Identifier: Apache-2.0
#include "runner/death_guard.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "support/matchers.h"

namespace cairn::runner {
namespace {

/// A process in a group of its own that waits for signals. It must be a child of the test's process, so that
/// how it ended can be seen.
class Sleeper {
 public:
  Sleeper() : pid_(fork()) {
    if (pid_ == 0) {
      setpgid(0, 0);
      while (true) {
        pause();
      }
    }
    setpgid(pid_, pid_);
  }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  ~Sleeper() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
  }

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] bool running() const { return waitpid(pid_, nullptr, WNOHANG) == 0; }
  /// Hangs, and times out, if nobody ends it.
  int signal_that_ended_it() {
    int raw = 0;
    EXPECT_EQ(waitpid(std::exchange(pid_, -1), &raw, 0) > 0 && WIFSIGNALED(raw), true);
    return WTERMSIG(raw);
  }

 private:
  pid_t pid_;
};

void announce(const DeathGuard& guard, pid_t group) {
  ASSERT_EQ(send(guard.announce_fd(), &group, sizeof group, MSG_NOSIGNAL),
            static_cast<ssize_t>(sizeof group));
}

/// A process of its own that watches `watched`, then lets go of `released`, and waits to be killed.
pid_t start_owner(const std::vector<pid_t>& watched, pid_t released) {
  std::array<int, 2> ready{};
  EXPECT_EQ(pipe(ready.data()), 0);
  const pid_t owner = fork();
  if (owner == 0) {
    auto guard = DeathGuard::shared();
    if (guard.ok()) {
      for (pid_t group : watched) {
        announce(**guard, group);
      }
      (*guard)->release(released);
    }
    [[maybe_unused]] const ssize_t told = write(ready[1], guard.ok() ? "y" : "n", 1);
    while (true) {
      pause();
    }
  }
  char answer = 0;
  EXPECT_EQ(read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  close(ready[0]);
  close(ready[1]);
  return owner;
}

void kill_and_reap(pid_t owner) {
  kill(owner, SIGKILL);
  waitpid(owner, nullptr, 0);
}

TEST(DeathGuard, KillsEveryWatchedGroupWhenItsOwnerIsKilled) {
  Sleeper one;
  Sleeper two;
  kill_and_reap(start_owner({one.pid(), two.pid()}, 1 << 30));
  EXPECT_EQ(one.signal_that_ended_it(), SIGKILL);
  EXPECT_EQ(two.signal_that_ended_it(), SIGKILL);
}

TEST(DeathGuard, LeavesAGroupAloneOnceReleased) {
  Sleeper released;
  Sleeper last;  // its end says that the guard has done its work: it goes through the groups in order
  kill_and_reap(start_owner({released.pid(), last.pid()}, released.pid()));
  EXPECT_EQ(last.signal_that_ended_it(), SIGKILL);
  EXPECT_TRUE(released.running());
}

TEST(DeathGuard, AForkOfTheOwnerHasAGuardOfItsOwn) {
  ASSERT_OK_AND_ASSIGN(const auto guard, DeathGuard::shared());
  Sleeper sleeper;
  kill_and_reap(start_owner({sleeper.pid()}, 1 << 30));
  EXPECT_EQ(sleeper.signal_that_ended_it(), SIGKILL);
}

TEST(DeathGuard, IsOneForAllUntilItIsLost) {
  ASSERT_OK_AND_ASSIGN(const auto guard, DeathGuard::shared());
  ASSERT_OK_AND_ASSIGN(const auto again, DeathGuard::shared());
  EXPECT_EQ(guard, again);
  shutdown(guard->announce_fd(), SHUT_WR);
  guard->release(1 << 30);
  ASSERT_OK_AND_ASSIGN(const auto fresh, DeathGuard::shared());
  EXPECT_NE(guard, fresh);
}

}  // namespace
}  // namespace cairn::runner
