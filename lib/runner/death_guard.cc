// SPDX-License-Identifier: Apache-2.0
#include "runner/death_guard.h"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "os/retry.h"

namespace cairn::runner {
namespace {

/// All descriptors from 1 on: locks and pipes of ours must not live on in the guard.
void close_all_but_first() {
#ifdef SYS_close_range
  if (::syscall(SYS_close_range, 1u, ~0u, 0u) == 0) {
    return;
  }
#endif
  for (int fd = 1, end = static_cast<int>(::sysconf(_SC_OPEN_MAX)); fd < end; ++fd) {
    ::close(fd);
  }
}

/// The guard itself. It is a fork of a process with threads: only async-signal-safe calls.
[[noreturn]] void keep_watch(int life_line, pid_t group) {
  ::setsid();  // a Ctrl-C, or the kill of our group, is not for the guard
  ::dup2(life_line, 0);
  close_all_but_first();
  char byte = 0;
  ssize_t got = os::retry([&] { return ::read(0, &byte, 1); });
  if (got == 0) {  // closed without a word: the writer is dead
    ::kill(-group, SIGKILL);
  }
  ::_exit(0);
}

}  // namespace

Result<DeathGuard> DeathGuard::watch(pid_t group) {
  std::array<int, 2> ends{-1, -1};
  // Not a pipe: writing to one whose guard was killed would be a SIGPIPE.
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return Error::from_errno(errno, "cannot create", "socket");
  }
  os::Fd read_end(ends[0]);
  os::Fd write_end(ends[1]);
  pid_t pid = ::fork();
  if (pid == 0) {
    keep_watch(read_end.get(), group);
  }
  if (pid < 0) {
    return Error::from_errno(errno, "cannot start a process for", "watching a command");
  }
  return DeathGuard(pid, std::move(write_end));
}

void DeathGuard::release() {
  if (pid_ < 0) {
    return;
  }
  [[maybe_unused]] ssize_t ignored =
      os::retry([this] { return ::send(life_line_.get(), "", 1, MSG_NOSIGNAL); });
  life_line_ = os::Fd();
  os::retry([this] { return ::waitpid(pid_, nullptr, 0); });
  pid_ = -1;
}

DeathGuard::~DeathGuard() {
  release();
}

}  // namespace cairn::runner
