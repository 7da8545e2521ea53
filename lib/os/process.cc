// SPDX-License-Identifier: Apache-2.0
#include "os/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>

#include "base/escape.h"
#include "os/file.h"
#include "os/process_exec.h"
#include "os/process_wait.h"
#include "os/retry.h"

namespace cairn::os {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLook = 50;  // milliseconds

/// One stream of a child that is captured.
class Stream {
 public:
  explicit Stream(Fd fd) : fd_(std::move(fd)) {}

  [[nodiscard]] bool open() const { return fd_.valid(); }
  [[nodiscard]] pollfd event() const { return {fd_.get(), POLLIN, 0}; }
  std::string take() { return std::move(text_); }

  /// Reads what is there. Past the limit it is dropped, for a full pipe would stop the child.
  Status drain(std::string_view program) {
    std::array<char, 1 << 16> part{};
    while (fd_.valid()) {
      ssize_t got = retry([&] { return ::read(fd_.get(), part.data(), part.size()); });
      if (got < 0) {
        return errno == EAGAIN ? Status() : Error::from_errno(errno, "cannot read the output of", program);
      }
      if (got == 0) {
        fd_ = Fd();
      }
      text_.append(part.data(), std::min(static_cast<std::size_t>(got), kLimit - text_.size()));
    }
    return {};
  }

 private:
  static constexpr std::size_t kLimit = 16u << 20;
  Fd fd_;
  std::string text_;
};

/// Looks whether a program that is captured has had its time.
class Patience {
 public:
  explicit Patience(const CaptureLimits& limits)
      : stop_(limits.stop),
        timeout_(limits.timeout),
        deadline_(limits.timeout.count() > 0 ? Clock::now() + limits.timeout : Clock::time_point::max()) {}

  /// Milliseconds to wait for an event before looking again; -1: there is nothing to look for.
  [[nodiscard]] int look() const {
    return stop_ == nullptr && deadline_ == Clock::time_point::max() ? -1 : kLook;
  }
  [[nodiscard]] Status check(std::string_view program) const {
    if (stop_ != nullptr && stop_->load(std::memory_order_relaxed)) {
      return Error(Code::interrupted, quoted(program) + " was stopped");
    }
    if (Clock::now() >= deadline_) {
      return Error(Code::io,
                   quoted(program) + " did not end within " + std::to_string(timeout_.count()) + " ms");
    }
    return {};
  }

 private:
  const std::atomic<bool>* stop_;
  std::chrono::milliseconds timeout_;
  Clock::time_point deadline_;
};

Status read_streams(const Fd& ended, Stream& out, Stream& err, std::string_view program,
                    const CaptureLimits& limits) {
  Patience patience(limits);
  bool over = false;
  while (!over && (out.open() || err.open() || (ended.valid() && patience.look() > 0))) {
    CAIRN_TRY(patience.check(program));
    std::array<pollfd, 3> events{out.event(), err.event(), pollfd{ended.get(), POLLIN, 0}};
    if (retry([&] { return ::poll(events.data(), events.size(), patience.look()); }) < 0) {
      return Error::from_errno(errno, "cannot read the output of", program);
    }
    // Seen before the last reading, so that nothing written by the child itself is missed.
    over = events[2].revents != 0;
    CAIRN_TRY(out.drain(program));
    CAIRN_TRY(err.drain(program));
  }
  return {};
}

}  // namespace

Result<Process> Process::start(const ProcessOptions& options) {
  CAIRN_TRY_ASSIGN(pid_t pid, fork_and_exec(options));
  return Process(pid);
}

Process::~Process() {
  if (pid_ > 0) {
    signal_group(SIGKILL);
    [[maybe_unused]] auto ignored = wait();
  }
}

void Process::signal_group(int signal) const {
  if (pid_ > 0) {
    ::kill(-pid_, signal);
  }
}

Result<ExitStatus> Process::wait() {
  CAIRN_CHECK(pid_ > 0);
  int raw = 0;
  pid_t pid = std::exchange(pid_, -1);
  if (retry([&] { return ::waitpid(pid, &raw, 0); }) < 0) {
    return Error::from_errno(errno, "cannot wait for process", std::to_string(pid));
  }
  return to_exit_status(raw);
}

Result<Captured> capture(const ProcessOptions& options, const CaptureLimits& limits) {
  CAIRN_TRY_ASSIGN(Pipe out_pipe, make_pipe());
  CAIRN_TRY_ASSIGN(Pipe err_pipe, make_pipe());
  ProcessOptions redirected = options;
  redirected.stdout_fd = out_pipe.write_end.get();
  redirected.stderr_fd = err_pipe.write_end.get();
  CAIRN_TRY_ASSIGN(Process child, Process::start(redirected));
  out_pipe.write_end = Fd();
  err_pipe.write_end = Fd();
  for (const Fd* end : {&out_pipe.read_end, &err_pipe.read_end}) {
    if (::fcntl(end->get(), F_SETFL, O_NONBLOCK) != 0) {
      return Error::from_errno(errno, "cannot read the output of", options.argv.front());
    }
  }
  Stream out(std::move(out_pipe.read_end));
  Stream err(std::move(err_pipe.read_end));
  CAIRN_TRY(read_streams(open_pidfd(child.pid()), out, err, options.argv.front(), limits));
  Captured captured;
  CAIRN_TRY_ASSIGN(captured.exit, child.wait());
  captured.out = out.take();
  captured.err = err.take();
  return captured;
}

Result<std::string> own_program() {
  return read_link_at(AT_FDCWD, "/proc/self/exe");
}

}  // namespace cairn::os
