// SPDX-License-Identifier: Apache-2.0
#include "runner/death_guard.h"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <mutex>

#include "os/retry.h"
#include "runner/descriptors.h"

namespace cairn::runner {
namespace {

/// Groups that are watched at once: more than commands ever run at once.
constexpr std::size_t kMaxGroups = 4096;

/// The guard itself: takes messages, a group to watch or, negative, one to forget, until the owner is gone.
/// It is a fork of a process with threads: only async-signal-safe calls.
[[noreturn]] void keep_watch(int life_line) {
  ::setsid();  // a Ctrl-C, or the kill of our group, is not for the guard
  ::prctl(PR_SET_NAME, "cairn-guard");
  ::dup2(life_line, 0);
  close_all_but_first();
  std::array<pid_t, kMaxGroups> groups{};
  pid_t message = 0;
  while (os::retry([&] { return ::recv(0, &message, sizeof message, 0); }) == sizeof message) {
    pid_t* place = std::find(groups.begin(), groups.end(), message < 0 ? -message : 0);
    if (place != groups.end()) {
      *place = message < 0 ? 0 : message;
    }
  }
  for (pid_t group : groups) {
    if (group > 0) {
      ::kill(-group, SIGKILL);
    }
  }
  ::_exit(0);
}

/// fork with all signals blocked, and for ever so in the guard: only SIGKILL ends it.
pid_t fork_guard(int life_line) {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t pid = ::fork();
  if (pid == 0) {
    keep_watch(life_line);
  }
  int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return pid;
}

}  // namespace

Result<std::shared_ptr<DeathGuard>> DeathGuard::start() {
  std::array<int, 2> ends{-1, -1};
  // Not a pipe: writing to one whose guard was killed would be a SIGPIPE.
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return Error::from_errno(errno, "cannot create", "socket");
  }
  os::Fd guard_end(ends[0]);
  os::Fd our_end(ends[1]);
  const pid_t pid = fork_guard(guard_end.get());
  if (pid < 0) {
    return Error::from_errno(errno, "cannot start a process for", "watching commands");
  }
  return std::shared_ptr<DeathGuard>(new DeathGuard(pid, ::getpid(), std::move(our_end)));
}

Result<std::shared_ptr<DeathGuard>> DeathGuard::shared() {
  static std::mutex mutex;
  static std::shared_ptr<DeathGuard> guard;
  std::lock_guard lock(mutex);
  if (guard == nullptr || !guard->at_work()) {
    CAIRN_TRY_ASSIGN(guard, start());
  }
  return guard;
}

bool DeathGuard::at_work() const {
  return owner_ == ::getpid() && !lost_.load(std::memory_order_relaxed);
}

void DeathGuard::release(pid_t group) {
  const pid_t message = -group;
  if (os::retry([&] { return ::send(life_line_.get(), &message, sizeof message, MSG_NOSIGNAL); }) < 0) {
    lost_.store(true, std::memory_order_relaxed);
  }
}

DeathGuard::~DeathGuard() {
  life_line_ = os::Fd();
  if (owner_ == ::getpid()) {
    os::retry([this] { return ::waitpid(pid_, nullptr, 0); });
  }
}

}  // namespace cairn::runner
