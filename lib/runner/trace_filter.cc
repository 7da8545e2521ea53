// SPDX-License-Identifier: Apache-2.0
#include "runner/trace_filter.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "os/fd.h"
#include "os/retry.h"
#include "runner/seccomp_filter.h"

// Headers older than Linux 5.19.
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

namespace cairn::runner {
namespace {

/// arm64 has none of the older calls. sendto is looked at apart.
constexpr auto kCalls = std::to_array<std::uint32_t>({
#ifdef SYS_open
    SYS_open,           SYS_creat,   SYS_rename,   SYS_unlink,     SYS_rmdir,    SYS_link,     SYS_symlink,
    SYS_mkdir,          SYS_mknod,   SYS_getdents,
#endif
#ifdef SYS_renameat
    SYS_renameat,
#endif
#ifdef SYS_openat2
    SYS_openat2,
#endif
#ifdef SYS_io_uring_setup
    SYS_io_uring_setup,
#endif
#ifdef SYS_move_mount
    SYS_move_mount,
#endif
    SYS_openat,         SYS_execve,  SYS_execveat, SYS_renameat2,  SYS_unlinkat, SYS_truncate, SYS_linkat,
    SYS_symlinkat,      SYS_mkdirat, SYS_mknodat,  SYS_getdents64, SYS_connect,  SYS_bind,     SYS_mount,
    SYS_pivot_root,     SYS_chroot,  SYS_chdir,    SYS_fchdir,     SYS_setns});

std::vector<sock_filter> build() {
  // Both halves of the fifth argument, sendto's address: without one it sends to whom it is connected to.
  constexpr std::size_t kAddress = offsetof(seccomp_data, args) + 4 * sizeof(std::uint64_t);
  std::vector<sock_filter> out = {load(offsetof(seccomp_data, arch)), if_equal(kArchitecture, 1, 0),
                                  answer(SECCOMP_RET_ALLOW), load(offsetof(seccomp_data, nr))};
  for (std::size_t i = 0; i < kCalls.size(); ++i) {
    out.push_back(if_equal(kCalls[i], kCalls.size() - i + 5, 0));
  }
  out.push_back(if_equal(SYS_sendto, 0, 4));
  out.push_back(load(kAddress));
  out.push_back(if_equal(0, 0, 3));
  out.push_back(load(kAddress + sizeof(std::uint32_t)));
  out.push_back(if_equal(0, 0, 1));
  out.push_back(answer(SECCOMP_RET_ALLOW));
  out.push_back(answer(SECCOMP_RET_USER_NOTIF));
  return out;
}

Error refused(int error, const char* what) {
  std::string reason = error == EBUSY ? "this process is being traced itself" : std::strerror(error);
  return {Code::unsupported, std::string("a command cannot be traced here: ") + what + ": " + reason,
          "run it without tracing, or where seccomp user notification is allowed (Linux 5.9 or newer)"};
}

/// Tells `report` the result of the filter, and lives until `life_line` ends.
[[noreturn]] void try_filter(const sock_fprog& filter, int report, int life_line) {
  int result = install_trace_filter(filter);
  [[maybe_unused]] ssize_t told = ::write(report, &result, sizeof result);
  char byte = 0;
  os::retry([&] { return ::read(life_line, &byte, 1); });
  ::_exit(0);
}

/// Looks into a child as the trace will do.
Status look_into(pid_t child) {
  std::uint32_t here = 0;
  std::uint32_t there = kArchitecture;
  iovec local{&here, sizeof here};
  iovec remote{&there, sizeof there};
  if (::process_vm_readv(child, &local, 1, &remote, 1, 0) != sizeof here) {
    return refused(errno, "process_vm_readv");
  }
  return {};
}

Result<std::array<os::Fd, 2>> make_pipe() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return Error::from_errno(errno, "cannot create", "pipe");
  }
  return std::array<os::Fd, 2>{os::Fd(ends[0]), os::Fd(ends[1])};
}

}  // namespace

bool trace_is_built() {
  return kArchitecture != 0;
}

const sock_fprog& trace_filter() {
  static std::vector<sock_filter> code = build();
  static const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
  return program;
}

int install_trace_filter(const sock_fprog& filter) {
  // The first is refused by kernels before 5.19. With it only a deadly signal interrupts a call that waits
  // for us.
  const int listener =
      install_filter(filter, SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
  return listener == -EINVAL ? install_filter(filter, SECCOMP_FILTER_FLAG_NEW_LISTENER) : listener;
}

bool let_go(int listener, std::uint64_t call) {
  seccomp_notif_resp answer{};
  answer.id = call;
  answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  return ::ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer) == 0;
}

Status probe_trace() {
  if (!trace_is_built()) {
    return Error(Code::unsupported, "a command can be traced on x86-64 and arm64 only",
                 "run it without tracing");
  }
  const sock_fprog& filter = trace_filter();
  CAIRN_TRY_ASSIGN(auto report, make_pipe());
  CAIRN_TRY_ASSIGN(auto life_line, make_pipe());
  pid_t child = ::fork();
  if (child == 0) {
    ::close(life_line[1].get());
    try_filter(filter, report[1].get(), life_line[0].get());
  }
  if (child < 0) {
    return Error::from_errno(errno, "cannot start a process for", "trying a trace");
  }
  report[1] = os::Fd();
  int result = -ECHILD;
  ssize_t got = os::retry([&] { return ::read(report[0].get(), &result, sizeof result); });
  Status status = got != sizeof result || result < 0 ? Status(refused(-result, "seccomp")) : look_into(child);
  life_line[1] = os::Fd();
  os::retry([&] { return ::waitpid(child, nullptr, 0); });
  return status;
}

}  // namespace cairn::runner
