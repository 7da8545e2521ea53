// SPDX-License-Identifier: Apache-2.0
#include "runner/hold_enter.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "os/retry.h"
#include "runner/descriptors.h"
#include "runner/hold_tracer.h"
#include "runner/seccomp_filter.h"

namespace cairn::runner {
namespace {

int error_unless(bool done) {
  return done ? 0 : errno;
}

void block_signals(int how) {
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(how, &all, nullptr);
}

int write_file(const char* path, const std::string& text) {
  const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
  const int error =
      error_unless(fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  ::close(fd);
  return error;
}

/// The first process of a namespace, without which there is none: it reaps what others leave.
[[noreturn]] void be_first_process() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_NAME, "cairn-init");
  block_signals(SIG_SETMASK);
  ::signal(SIGCHLD, SIG_IGN);
  close_all_but_first();
  for (;;) {
    ::pause();
  }
}

/// From here on our children are in a namespace where process ids begin at 1.
int leave_process_ids(const HoldSetup& setup) {
  if (::unshare(CLONE_NEWPID) != 0) {
    if (::unshare(CLONE_NEWUSER | CLONE_NEWPID) != 0) {
      return errno;
    }
    int error = write_file("/proc/self/setgroups", "deny");
    error = error != 0 ? error : write_file("/proc/self/uid_map", setup.user_map);
    error = error != 0 ? error : write_file("/proc/self/gid_map", setup.group_map);
    if (error != 0) {
      return error;
    }
  }
  const pid_t first = ::fork();
  if (first == 0) {
    be_first_process();
  }
  return error_unless(first > 0);
}

/// /proc as it is in our process namespace.
int mount_proc() {
  return error_unless(::unshare(CLONE_NEWNS) == 0 &&
                      ::mount("none", "/", nullptr, MS_REC | MS_SLAVE, nullptr) == 0 &&
                      ::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) == 0);
}

/// The held process's own part.
int hold_ourselves(const HoldSetup& setup) {
  int error = setup.hold.processes ? mount_proc() : 0;
  if (error == 0 && setup.hold.addresses) {
    const int now = ::personality(0xffffffff);
    error = error_unless(now >= 0 && ::personality(static_cast<unsigned>(now) | ADDR_NO_RANDOMIZE) >= 0);
  }
  if (error == 0 && setup.cpus.has_value()) {
    error = error_unless(::sched_setaffinity(0, sizeof *setup.cpus, &*setup.cpus) == 0);
  }
  if (error == 0) {
    const sock_fprog filter{static_cast<unsigned short>(setup.filter.size()),
                            const_cast<sock_filter*>(setup.filter.data())};  // older than const
    error = -install_filter(filter, 0);
  }
  return error;
}

/// Ends as another process did.
[[noreturn]] void end_like(int status) {
  if (WIFSIGNALED(status)) {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::signal(WTERMSIG(status), SIG_DFL);
    block_signals(SIG_UNBLOCK);
    ::raise(WTERMSIG(status));
    ::_exit(128 + WTERMSIG(status));
  }
  ::_exit(WEXITSTATUS(status));
}

/// Tells the held process whether it is one, and traces it to its end.
[[noreturn]] void supervise(pid_t held, int answer, const HoldSetup& setup) {
  ::prctl(PR_SET_NAME, "cairn-hold");
  block_signals(SIG_SETMASK);  // those of the group are for the held ones
  HoldTracer tracer(setup.hold, *setup.threads_seen);
  const int error = tracer.seize(held);
  [[maybe_unused]] const ssize_t told = ::write(answer, &error, sizeof error);
  close_all_but_first();
  if (error == 0) {
    end_like(tracer.run());
  }
  int status = 0;
  os::retry([&] { return ::waitpid(held, &status, 0); });
  end_like(status);
}

}  // namespace

int become_held(void* data) {
  const auto& setup = *static_cast<const HoldSetup*>(data);
  std::array<int, 2> answer{-1, -1};
  int error = setup.hold.processes ? leave_process_ids(setup) : 0;
  if (error != 0 || ::pipe2(answer.data(), O_CLOEXEC) != 0) {
    return error != 0 ? error : errno;
  }
  const pid_t held = ::fork();
  if (held < 0) {
    return errno;
  }
  if (held > 0) {
    supervise(held, answer[1], setup);
  }
  ::close(answer[1]);
  error = EPERM;
  os::retry([&] { return ::read(answer[0], &error, sizeof error); });
  ::close(answer[0]);
  return error != 0 ? error : hold_ourselves(setup);
}

}  // namespace cairn::runner
