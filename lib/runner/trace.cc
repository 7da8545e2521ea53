// SPDX-License-Identifier: Apache-2.0
#include "runner/trace.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

#include "os/retry.h"
#include "runner/descriptors.h"
#include "runner/trace_calls.h"
#include "runner/trace_filter.h"

// Headers older than Linux 6.6.
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

namespace cairn::runner {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kLinger = std::chrono::milliseconds(200);

using Socket = std::array<os::Fd, 2>;

Result<Socket> make_socket() {
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return Error::from_errno(errno, "cannot create", "socket");
  }
  return Socket{os::Fd(ends[0]), os::Fd(ends[1])};
}

/// Room for one descriptor beside a message.
union Control {
  cmsghdr header;
  char bytes[CMSG_SPACE(sizeof(int))];  // NOLINT: what the macros want
};

/// Async-signal-safe: 0 or an errno.
int send_descriptor(int socket, int fd) {
  char byte = 0;
  iovec part{&byte, 1};
  Control control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes;
  message.msg_controllen = sizeof control.bytes;
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof fd);
  std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
  return os::retry([&] { return ::sendmsg(socket, &message, MSG_NOSIGNAL); }) == 1 ? 0 : errno;
}

os::Fd receive_descriptor(int socket) {
  char byte = 0;
  iovec part{&byte, 1};
  Control control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes;
  message.msg_controllen = sizeof control.bytes;
  ssize_t got = os::retry([&] { return ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC); });
  cmsghdr* header = got == 1 ? CMSG_FIRSTHDR(&message) : nullptr;
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS) {
    return {};
  }
  int fd = -1;
  std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
  return os::Fd(fd);
}

/// What the child needs to become the observed one.
struct ChildSetup {
  const sock_fprog* filter = nullptr;
  int socket = -1;
};

/// Runs in the child: only async-signal-safe calls.
int become_observed(void* data) {
  const auto* setup = static_cast<const ChildSetup*>(data);
  int listener = install_trace_filter(*setup->filter);
  if (listener < 0) {
    return -listener;
  }
  const int error = send_descriptor(setup->socket, listener);
  ::close(
      listener);  // should nobody have received it, the next observed call fails instead of waiting for ever
  return error;
}

enum class Event : std::uint8_t { call, all_gone, told_to_stop, timeout };

Event wait_for_event(int listener, int stop, int timeout_ms) {
  std::array<pollfd, 2> waits = {pollfd{listener, POLLIN, 0}, pollfd{stop, POLLIN, 0}};
  int got = os::retry([&] { return ::poll(waits.data(), waits.size(), timeout_ms); });
  if ((waits[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0 || got < 0) {
    return Event::all_gone;
  }
  if ((waits[0].revents & POLLIN) != 0) {
    return Event::call;
  }
  return got == 0 ? Event::timeout : Event::told_to_stop;
}

/// Answers for processes that outlive their command: without an answer their calls would wait for ever, and
/// once nobody listens they would fail. Goes when they are gone. Forked from a process with threads: only
/// async-signal-safe calls, and no descriptor of ours but the listener.
[[noreturn]] void answer_for_ever(int listener) {
  if (::fork() != 0) {
    ::_exit(0);  // so that it is nobody's child
  }
  ::setsid();
  ::dup2(listener, 0);
  close_all_but_first();
  while (wait_for_event(0, -1, -1) == Event::call) {
    alignas(seccomp_notif) std::array<char, 4096> room{};
    auto* call = reinterpret_cast<seccomp_notif*>(room.data());
    if (::ioctl(0, SECCOMP_IOCTL_NOTIF_RECV, call) == 0) {
      let_go(0, call->id);
    }
  }
  ::_exit(0);
}

void leave_answering(int listener) {
  pid_t pid = ::fork();
  if (pid == 0) {
    answer_for_ever(listener);
  }
  if (pid > 0) {
    os::retry([pid] { return ::waitpid(pid, nullptr, 0); });
  }
}

}  // namespace

/// The thread that answers, and what it shares with its owner: the calls belong to the thread until it is
/// joined.
class Trace::Supervisor {
 public:
  Supervisor(const TraceOptions& options, Socket handover, Socket stop)
      : calls_(options),
        handover_(std::move(handover)),
        stop_(std::move(stop)),
        setup_{&trace_filter(), handover_[1].get()},
        thread_([this] { run(); }) {}
  ~Supervisor() { stop(); }
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  ChildSetup& setup() { return setup_; }

  void stop() {
    if (thread_.joinable()) {
      stop_[1] = os::Fd();
      thread_.join();
    }
  }

  TraceReport report() { return calls_.record().report(); }

 private:
  void run() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, nullptr);  // signals are for others
    if (wait_for_event(handover_[0].get(), stop_[0].get(), -1) != Event::call) {
      return;
    }
    const os::Fd listener = receive_descriptor(handover_[0].get());
    if (listener.valid()) {
      serve(listener.get());
    }
  }

  void serve(int listener) {
    // The observed thread and we never run at once: without waking another processor for us, each call costs
    // a tenth. Older kernels refuse.
    ::ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
    seccomp_notif_sizes sizes{};
    ::syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes);
    room_.resize(std::max<std::size_t>(sizes.seccomp_notif, sizeof(seccomp_notif)));
    Event event = Event::call;
    while ((event = wait_for_event(listener, stop_[0].get(), -1)) == Event::call) {
      answer_one(listener);
    }
    if (event == Event::told_to_stop) {
      event = linger(listener);
    }
    if (event != Event::all_gone) {
      calls_.record().unseen.background = true;
      leave_answering(listener);
    }
  }

  /// The command has ended, and something that it started has not, perhaps only just not.
  Event linger(int listener) {
    const Clock::time_point end = Clock::now() + kLinger;
    Event event = Event::call;
    while (event == Event::call) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
      if (left.count() <= 0) {
        return Event::timeout;
      }
      event = wait_for_event(listener, -1, static_cast<int>(left.count()));
      if (event == Event::call) {
        answer_one(listener);
      }
    }
    return event;
  }

  void answer_one(int listener) {
    std::fill(room_.begin(), room_.end(), '\0');
    auto* call = reinterpret_cast<seccomp_notif*>(room_.data());
    if (::ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, call) != 0) {
      return;  // the caller was killed
    }
    calls_.answer(*call, listener);
  }

  TraceCalls calls_;
  Socket handover_;
  Socket stop_;
  ChildSetup setup_;
  std::vector<char> room_;
  std::thread thread_;
};

Trace::Trace(std::unique_ptr<Supervisor> supervisor) : supervisor_(std::move(supervisor)) {}
Trace::Trace(Trace&&) noexcept = default;
Trace::~Trace() = default;

Result<Trace> Trace::begin(TraceOptions options) {
  static const Status possible = probe_trace();
  if (!possible.ok()) {
    return possible.error();
  }
  CAIRN_TRY_ASSIGN(Socket handover, make_socket());
  CAIRN_TRY_ASSIGN(Socket stop, make_socket());
  return Trace(std::make_unique<Supervisor>(options, std::move(handover), std::move(stop)));
}

void Trace::observe(os::ProcessOptions& options) {
  options.before_exec = become_observed;
  options.before_exec_data = &supervisor_->setup();
}

TraceReport Trace::finish() {
  supervisor_->stop();
  return supervisor_->report();
}

}  // namespace cairn::runner
