// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <string>
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

struct ProcessOptions {
  std::vector<std::string> argv;  ///< argv[0] is looked up in PATH unless it holds a slash
  std::string folder;             ///< working folder; "" keeps ours
  std::map<std::string, std::optional<std::string>>
      env;             ///< set, or removed where empty, over our environment
  int stdin_fd = -1;   ///< -1: /dev/null
  int stdout_fd = -1;  ///< -1: ours
  int stderr_fd = -1;  ///< -1: ours
};

/// A running child in a process group of its own, which dies with us (PR_SET_PDEATHSIG). The destructor ends
/// the group with SIGKILL and reaps it if it was not waited for.
class Process {
 public:
  /// Error `not_found` when the program does not exist; the message names it.
  static Result<Process> start(const ProcessOptions& options);
  Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  Process& operator=(Process&&) = delete;
  ~Process();

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// Sends `signal` to the whole group.
  void signal_group(int signal) const;
  /// Waits for the end.
  Result<ExitStatus> wait();
  /// Waits, looking at `stop` every 50 ms: once it is set the group gets SIGTERM, and after 5 s SIGKILL.
  Result<ExitStatus> wait(const std::atomic<bool>& stop);

 private:
  explicit Process(pid_t pid) : pid_(pid) {}
  pid_t pid_ = -1;
};

struct Captured {
  ExitStatus exit;
  std::string out;
  std::string err;
};
/// Runs a short helper program to its end and keeps up to 16 MiB of each stream. Not for users' commands.
Result<Captured> capture(const ProcessOptions& options);

}  // namespace cairn::os
