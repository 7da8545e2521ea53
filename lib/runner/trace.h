// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "os/process.h"

/// Which files a command reads and writes, seen by the kernel: docs/design/trace.md.
namespace cairn::runner {

struct TraceOptions {
  /// Absolute, without symlinks. Only what is inside is reported.
  std::string root;
  /// Relative to `root`: what is inside these is not reported either.
  std::vector<std::string> left_out = {".git", ".cairn"};
  /// So many paths are kept; what comes later is only counted. About 200 bytes each.
  std::size_t limit = 200'000;
};

/// An address that a command connected to, sent to or bound.
struct TraceEndpoint {
  enum class Use : std::uint8_t { connect, send, bind };
  Use use = Use::connect;
  std::string address;  ///< "127.0.0.1:80", "[::1]:80"

  auto operator<=>(const TraceEndpoint&) const = default;
};

/// What the trace knows that it did not see. All zero and false: nothing.
struct TraceBlindSpots {
  std::uint64_t calls = 0;      ///< of processes that the kernel let nobody look into
  std::uint64_t paths = 0;      ///< times that a path came after the limit
  bool background = false;      ///< processes outlived the command; what they did after it is not here
  bool foreign_binary = false;  ///< a program for another architecture ran (32 bits)
  bool io_uring = false;        ///< a program made an io_uring, through which it can open files unseen

  [[nodiscard]] bool any() const {
    return calls != 0 || paths != 0 || background || foreign_binary || io_uring;
  }
};

/// Paths are relative to the root, with symlinks resolved, sorted, each once; "" is the root itself.
struct TraceReport {
  /// Files whose content the command had from outside: opened for reading, executed, or renamed, before the
  /// command itself had made them. Also each symlink in the root that led to what was opened, and folders
  /// that were renamed.
  std::vector<std::string> reads;
  std::vector<std::string> listed;    ///< folders whose names were read, made by others
  std::vector<std::string> writes;    ///< files and symlinks made or changed, and still there
  std::vector<std::string> made;      ///< folders made or renamed to, and still there
  std::vector<std::string> removed;   ///< what was there before and was removed or renamed away
  std::vector<std::string> programs;  ///< executed files inside the root; they are in `reads` too
  std::vector<TraceEndpoint> network;
  TraceBlindSpots unseen;
};

/// Observes one command with all the processes that it starts, by a seccomp filter whose notifications a
/// thread of ours answers. The command runs as it would alone, but set-user-id programs in it gain no
/// privileges (PR_SET_NO_NEW_PRIVS) unless we have CAP_SYS_ADMIN. Needs Linux 5.9 on x86-64 or arm64; fast
/// from 6.6 on. Threads: any number of traces at once; each belongs to one thread.
class Trace {
 public:
  /// Error `unsupported` with the reason, where the kernel or a container refuses.
  static Result<Trace> begin(TraceOptions options);
  Trace(Trace&&) noexcept;
  Trace& operator=(Trace&&) = delete;
  ~Trace();

  /// Makes the process that is started with these options the observed one. Must outlive the start. REQUIRES:
  /// called for one start only.
  void observe(os::ProcessOptions& options);

  /// What was seen. Call it when the command has ended. Background processes that it left go on unobserved,
  /// after at most 200 ms to end by themselves. REQUIRES: not yet finished.
  TraceReport finish();

 private:
  class Supervisor;
  explicit Trace(std::unique_ptr<Supervisor> supervisor);
  std::unique_ptr<Supervisor> supervisor_;
};

}  // namespace cairn::runner
