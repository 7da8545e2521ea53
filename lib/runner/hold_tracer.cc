// SPDX-License-Identifier: Apache-2.0
#include "runner/hold_tracer.h"

#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>

namespace cairn::runner {
namespace {

using Clock = std::chrono::steady_clock;

/// As long as any command's group is given.
constexpr std::chrono::seconds kLeaveTaking{1};
constexpr int kStopAtCall = SIGTRAP | 0x80;

/// Wakes waitpid every now and then.
void tick() {
  struct sigaction action {};
  action.sa_handler = [](int) {};
  ::sigaction(SIGALRM, &action, nullptr);
  sigset_t alarm;
  ::sigemptyset(&alarm);
  ::sigaddset(&alarm, SIGALRM);
  ::sigprocmask(SIG_UNBLOCK, &alarm, nullptr);
  constexpr suseconds_t kTick = 20'000;
  const itimerval timer{{0, kTick}, {0, kTick}};
  ::setitimer(ITIMER_REAL, &timer, nullptr);
}

bool stops_a_group(int signal) {
  return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

pid_t event_message(pid_t thread) {
  unsigned long message = 0;
  ::ptrace(PTRACE_GETEVENTMSG, thread, nullptr, &message);
  return static_cast<pid_t>(message);
}

}  // namespace

int HoldTracer::seize(pid_t leader) {
  constexpr unsigned long kOptions = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                                     PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACESECCOMP |
                                     PTRACE_O_EXITKILL;
  if (::ptrace(PTRACE_SEIZE, leader, nullptr, kOptions) != 0) {
    return errno;
  }
  leader_ = leader;
  processes_[leader] = calls_.first_process();
  processes_[leader].threads = 1;
  threads_[leader].process = leader;
  return 0;
}

int HoldTracer::run() {
  int result = 0;
  std::optional<Clock::time_point> deadline;
  while (!threads_.empty() && (!deadline.has_value() || Clock::now() < *deadline)) {
    int status = 0;
    const pid_t thread = ::waitpid(-1, &status, __WALL);
    if (thread < 0 && errno != EINTR) {
      break;
    }
    if (thread > 0 && WIFSTOPPED(status)) {
      stopped(thread, status);
    } else if (thread > 0) {
      ended(thread);
      if (thread == leader_) {
        result = status;
        deadline = Clock::now() + kLeaveTaking;
        tick();
      }
    }
  }
  return result;
}

void HoldTracer::stopped(pid_t thread, int status) {
  const auto found = threads_.find(thread);
  if (found == threads_.end()) {
    waiting_.insert(thread);
    return;
  }
  Thread& state = found->second;
  const int signal = WSTOPSIG(status);
  if (const int what = status >> 16; what != 0) {
    event(thread, state, what, signal);
  } else if (signal == kStopAtCall) {
    if (state.open.has_value()) {
      HoldCalls::opened(thread, *state.open);
      state.open.reset();
    }
    resume(thread, 0);
  } else {
    resume(thread, signal);
  }
}

void HoldTracer::event(pid_t thread, Thread& state, int event, int signal) {
  switch (event) {
    case PTRACE_EVENT_SECCOMP:
      state.open = calls_.call(thread, state.process, processes_[state.process]);
      break;
    case PTRACE_EVENT_FORK:
    case PTRACE_EVENT_VFORK:
    case PTRACE_EVENT_CLONE:
      created(thread, event_message(thread));
      break;
    case PTRACE_EVENT_EXEC:
      executed(thread);
      break;
    case PTRACE_EVENT_STOP:
      if (stops_a_group(signal)) {
        ::ptrace(PTRACE_LISTEN, thread, nullptr, nullptr);
        return;
      }
      break;
    default:
      break;
  }
  resume(thread, 0);
}

void HoldTracer::created(pid_t by, pid_t thread) {
  const pid_t parent = threads_[by].process;
  if (threads_.count(thread) != 0) {
    return;
  }
  const bool of_parent = ::syscall(SYS_tgkill, parent, thread, 0) == 0;
  const pid_t process = of_parent ? parent : thread;
  if (!of_parent) {
    processes_[thread] = processes_[parent].child(parent);
  }
  threads_[thread].process = process;
  if (++processes_[process].threads > 1) {
    threads_seen_.store(true, std::memory_order_relaxed);
  }
  if (waiting_.erase(thread) != 0) {
    resume(thread, 0);
  }
}

void HoldTracer::executed(pid_t thread) {
  // Whichever thread did it goes on under the number of the process, and all others are gone.
  const pid_t process = threads_[thread].process;
  std::erase_if(threads_,
                [&](const auto& entry) { return entry.second.process == process && entry.first != thread; });
  threads_[thread].open.reset();
  processes_[process].threads = 1;
  calls_.executed(thread, processes_[process]);
}

void HoldTracer::ended(pid_t thread) {
  const auto found = threads_.find(thread);
  if (found == threads_.end()) {
    waiting_.erase(thread);
    return;
  }
  const auto process = processes_.find(found->second.process);
  threads_.erase(found);
  if (--process->second.threads == 0) {
    // Whoever waits for it sees that time has passed.
    if (const auto parent = processes_.find(process->second.parent); parent != processes_.end()) {
      parent->second.clock_ns = std::max(parent->second.clock_ns, process->second.clock_ns);
    }
    processes_.erase(process);
  }
  adopt_waiting();
}

/// One that was killed at the moment of making a thread or process never tells us.
void HoldTracer::adopt_waiting() {
  for (const pid_t thread : std::exchange(waiting_, {})) {
    processes_[thread] = calls_.first_process();
    processes_[thread].threads = 1;
    threads_[thread].process = thread;
    resume(thread, 0);
  }
}

void HoldTracer::resume(pid_t thread, int signal) {
  // It may have been killed.
  const auto how = threads_[thread].open.has_value() ? PTRACE_SYSCALL : PTRACE_CONT;
  ::ptrace(how, thread, nullptr, static_cast<long>(signal));
}

}  // namespace cairn::runner
