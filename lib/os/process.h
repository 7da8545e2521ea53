// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "os/fd.h"

namespace cairn::os {

/// How a child ended: an exit status, or the signal that killed it.
struct ExitStatus {
  int status = 0;  ///< 0-255; 128+signal when killed
  int signal = 0;  ///< 0 when it exited by itself
  [[nodiscard]] bool ok() const { return status == 0; }
};

/// What to run. REQUIRES: argv is not empty.
struct ProcessOptions {
  /// argv[0] is looked up in the child's PATH unless it holds a slash (then it is relative to `folder`).
  /// Empty and relative folders in PATH are passed over: a repository must not put its program in front of
  /// another.
  std::vector<std::string> argv;
  /// Working folder; "" keeps ours.
  std::string folder;
  /// Variables set, or removed where empty, over our environment.
  std::map<std::string, std::optional<std::string>> env;
  int stdin_fd = -1;   ///< -1: /dev/null
  int stdout_fd = -1;  ///< -1: ours
  int stderr_fd = -1;  ///< -1: ours
  /// Called in the child as the last thing before it is executed, where only async-signal-safe calls are
  /// allowed. An errno ends the child, and start() fails with it; 0 goes on.
  int (*before_exec)(void* data) = nullptr;
  void* before_exec_data = nullptr;
  /// What the child gets should we die. SIGTERM is for a program that cleans up after itself, as git does
  /// with its lock files.
  int death_signal = SIGKILL;
  /// A socket that the child writes its process id to (a pid_t) right before it becomes the program, so that
  /// nothing of the program runs unannounced; and the same, negative, if the program cannot be executed.
  int announce_fd = -1;
};

/// What a process and those of its descendants that were waited for by their parents have used. A process
/// that outlived its parent is not counted.
struct Usage {
  std::chrono::nanoseconds wall{0};
  std::chrono::microseconds user{0};    ///< CPU time
  std::chrono::microseconds system{0};  ///< CPU time in the kernel
  std::uint64_t peak_memory = 0;        ///< bytes, of the largest single process
  /// Bytes that went through read and write calls of any kind: files, whether cached or not, pipes, sockets.
  /// Files that are mapped into memory do not count. Where the kernel does not count calls: bytes that were
  /// fetched from and sent to storage.
  std::uint64_t read_bytes = 0;
  std::uint64_t written_bytes = 0;
};

/// When to end a group before its time. The flags are looked at every 50 ms.
struct WaitOptions {
  /// Once set, or when the time is over: SIGTERM, and SIGKILL for what is left after 5 s.
  const std::atomic<bool>& stop;
  /// Once set: SIGKILL at once. Null: never.
  const std::atomic<bool>* kill = nullptr;
  std::chrono::milliseconds timeout{0};  ///< from the start of the process; 0 is none
};

/// How a process group came to its end.
struct GroupEnd {
  ExitStatus exit;  ///< of the leader
  bool timed_out = false;
  /// Processes of the group were still running a second after the leader had ended by itself, and were
  /// killed.
  bool left_processes = false;
  Usage usage;
};

/// A running child in a process group of its own, which dies with us (PR_SET_PDEATHSIG: with the thread that
/// started it, so that thread waits for it, or at least outlives it). Signals have the system's default
/// actions in it, and none is blocked. The destructor ends the group with SIGKILL and reaps it if it was not
/// waited for. Threads: many may start processes at once; one Process belongs to one thread, but for
/// signal_group.
class Process {
 public:
  /// Error `not_found` when the program does not exist; the message names it. Once this returns, it has been
  /// executed.
  static Result<Process> start(const ProcessOptions& options);
  Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)), started_(other.started_) {}
  Process& operator=(Process&&) = delete;
  ~Process();

  /// -1 once it was waited for.
  [[nodiscard]] pid_t pid() const { return pid_; }
  /// Sends `signal` to the whole group.
  void signal_group(int signal) const;
  /// Waits for the end of the child; what it left running in the background goes on. REQUIRES: not yet waited
  /// for.
  Result<ExitStatus> wait();
  /// Waits until the whole group is gone: what the leader leaves behind has a second to end by itself before
  /// it is killed. A process that cannot die (it hangs in the kernel) is waited for 5 s. REQUIRES: not yet
  /// waited for.
  Result<GroupEnd> wait_group(const WaitOptions& options);

 private:
  explicit Process(pid_t pid) : pid_(pid), started_(std::chrono::steady_clock::now()) {}
  pid_t pid_ = -1;
  std::chrono::steady_clock::time_point started_;
};

struct Captured {
  ExitStatus exit;
  std::string out;
  std::string err;
};
/// When capture() gives up, and kills the program's group.
struct CaptureLimits {
  std::chrono::milliseconds timeout{0};     ///< 0: none
  const std::atomic<bool>* stop = nullptr;  ///< looked at every 50 ms; null: none
};
/// Runs a short helper program to its end and keeps up to 16 MiB of each stream (the rest is read and
/// dropped). What it leaves in the background may keep the streams open: only what came before its own end is
/// kept. `stdout_fd` and `stderr_fd` are not used. Not for users' commands. Errors: as Process::start; `io`
/// after the timeout; `interrupted` once `stop` is set.
Result<Captured> capture(const ProcessOptions& options, const CaptureLimits& limits = {});

/// Absolute path of the running program (/proc/self/exe).
Result<std::string> own_program();

}  // namespace cairn::os
