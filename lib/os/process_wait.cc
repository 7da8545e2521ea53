// SPDX-License-Identifier: Apache-2.0
#include "os/process_wait.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <string_view>
#include <thread>

#include "os/file.h"
#include "os/process_group.h"
#include "os/retry.h"

namespace cairn::os {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// A signal handler can only set a flag, so the flags have to be looked at.
constexpr milliseconds kLook{50};
constexpr std::chrono::seconds kGrace{5};
/// Time for what a command started and did not wait for, as bash does with `>(tee log)`.
constexpr std::chrono::seconds kLeaveTaking{1};

/// Ends a group when a flag or the clock says so.
class Ender {
 public:
  Ender(pid_t group, const WaitOptions& options, Clock::time_point started)
      : group_(group), options_(options) {
    if (options.timeout.count() > 0) {
      timeout_ = started + options.timeout;
    }
  }

  [[nodiscard]] bool asked() const { return kill_at_.has_value(); }
  [[nodiscard]] bool timed_out() const { return timed_out_; }

  /// Sends what is due.
  void look() {
    const Clock::time_point now = Clock::now();
    if (options_.kill != nullptr && options_.kill->load(std::memory_order_relaxed)) {
      kill_at_ = now;
    } else if (!asked() && options_.stop.load(std::memory_order_relaxed)) {
      ask_to_end(now);
    } else if (!asked() && timeout_.has_value() && now >= *timeout_) {
      timed_out_ = true;
      ask_to_end(now);
    }
    if (asked() && now >= *kill_at_) {
      ::kill(-group_, SIGKILL);
    }
  }

  /// How long nothing can become due.
  [[nodiscard]] milliseconds pause() const {
    if (asked() || !timeout_.has_value()) {
      return kLook;
    }
    const auto left = std::chrono::ceil<milliseconds>(*timeout_ - Clock::now());
    return std::clamp(left, milliseconds(0), kLook);
  }

 private:
  void ask_to_end(Clock::time_point now) {
    ::kill(-group_, SIGTERM);
    ::kill(-group_, SIGCONT);  // a stopped process could not end
    kill_at_ = now + kGrace;
  }

  pid_t group_;
  const WaitOptions& options_;
  std::optional<Clock::time_point> timeout_;
  std::optional<Clock::time_point> kill_at_;
  bool timed_out_ = false;
};

/// Sleeps until `ended` says so, but at most `longest`.
void wait_a_little(const Fd& ended, milliseconds longest) {
  if (!ended.valid()) {
    std::this_thread::sleep_for(std::min(longest, milliseconds(5)));
    return;
  }
  pollfd event{ended.get(), POLLIN, 0};
  ::poll(&event, 1, static_cast<int>(longest.count()));
}

/// True when the process has ended; it stays to be reaped.
bool has_ended(pid_t pid) {
  siginfo_t info{};
  int got =
      retry([&] { return ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT); });
  return got != 0 || info.si_pid == pid;
}

/// Waits until nothing of the group runs, but not beyond `deadline`; false if something still does. The
/// leader was reaped; its id cannot be given to another while the group has members.
template <typename Look>
bool wait_until_gone(pid_t group, Clock::time_point deadline, Look look) {
  for (milliseconds pause{1}; group_runs(group); pause = std::min(2 * pause, kLook)) {
    if (look() || Clock::now() >= deadline) {
      return false;
    }
    std::this_thread::sleep_for(pause);
  }
  return true;
}

/// After the leader's end. True if something had to be killed although nobody asked for the end.
bool finish_group(pid_t group, Ender& ender) {
  const bool asked = ender.asked();
  const auto never = [] { return false; };
  if (asked) {
    // The ender kills what is left when its time has come.
    wait_until_gone(group, Clock::now() + 2 * kGrace, [&ender] {
      ender.look();
      return false;
    });
    return false;
  }
  const auto interrupted = [&ender] {
    ender.look();
    return ender.asked();
  };
  if (wait_until_gone(group, Clock::now() + kLeaveTaking, interrupted)) {
    return false;
  }
  ::kill(-group, SIGKILL);
  wait_until_gone(group, Clock::now() + kGrace, never);
  return !ender.asked();
}

/// The number behind `name` in the text of /proc/PID/io.
std::uint64_t number_after(std::string_view text, std::string_view name) {
  std::uint64_t value = 0;
  if (std::size_t at = text.find(name); at != std::string_view::npos) {
    text.remove_prefix(at + name.size());
    std::from_chars(text.data(), text.data() + text.size(), value);
  }
  return value;
}

std::chrono::microseconds to_microseconds(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

/// Reaps `pid`, which has ended, and adds up what it and its descendants used.
Result<GroupEnd> reap(pid_t pid) {
  // The kernel keeps the counts of a process until it is reaped, those of its reaped children included.
  const auto counts = find_file("/proc/" + std::to_string(pid) + "/io");
  int raw = 0;
  rusage used{};
  if (retry([&] { return ::wait4(pid, &raw, 0, &used); }) < 0) {
    return Error::from_errno(errno, "cannot wait for process", std::to_string(pid));
  }
  constexpr std::uint64_t kBlock = 512;
  GroupEnd end;
  end.exit = to_exit_status(raw);
  end.usage.user = to_microseconds(used.ru_utime);
  end.usage.system = to_microseconds(used.ru_stime);
  end.usage.peak_memory = static_cast<std::uint64_t>(used.ru_maxrss) * 1024;
  end.usage.read_bytes = static_cast<std::uint64_t>(used.ru_inblock) * kBlock;
  end.usage.written_bytes = static_cast<std::uint64_t>(used.ru_oublock) * kBlock;
  if (counts.ok() && counts->has_value()) {
    end.usage.read_bytes = number_after(as_text(**counts), "rchar: ");
    end.usage.written_bytes = number_after(as_text(**counts), "wchar: ");
  }
  return end;
}

}  // namespace

ExitStatus to_exit_status(int raw) {
  ExitStatus out;
  if (WIFSIGNALED(raw)) {
    out.signal = WTERMSIG(raw);
    out.status = 128 + out.signal;
  } else {
    out.status = WEXITSTATUS(raw);
  }
  return out;
}

Fd open_pidfd(pid_t pid) {
  return Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0u)));
}

Result<GroupEnd> Process::wait_group(const WaitOptions& options) {
  CAIRN_CHECK(pid_ > 0);
  const Fd ended = open_pidfd(pid_);
  Ender ender(pid_, options, started_);
  while (!has_ended(pid_)) {
    ender.look();
    wait_a_little(ended, ender.pause());
  }
  const auto wall = Clock::now() - started_;
  const pid_t group = std::exchange(pid_, -1);
  CAIRN_TRY_ASSIGN(GroupEnd end, reap(group));
  end.usage.wall = wall;
  end.left_processes = finish_group(group, ender);
  end.timed_out = ender.timed_out();
  return end;
}

}  // namespace cairn::os
