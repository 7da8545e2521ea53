// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "runner/hold.h"
#include "runner/hold_folders.h"
#include "runner/hold_registers.h"

/// What held processes see instead of the world. Internal to runner/; one thread.
namespace cairn::runner {

/// The world of one held process. Each has a clock and a stream of random numbers of its own, taken over from
/// its parent when it is made, so that processes that run beside each other change nothing for each other.
struct HeldProcess {
  pid_t parent = 0;
  std::int64_t clock_ns = 0;
  std::uint64_t random = 0;  ///< state of the stream
  unsigned threads = 0;
  std::map<int, FolderNames> folders;  ///< by descriptor: what was not handed out yet

  /// The world of a process that it starts.
  HeldProcess child(pid_t self);
};

/// A call that opens a file whose content is held: the file is made in memory in its place.
struct HeldOpen {
  Registers before;
  std::string content;
};

class HoldCalls {
 public:
  explicit HoldCalls(const Hold& hold) : hold_(hold) {}

  [[nodiscard]] HeldProcess first_process() const;
  /// A thread of process `id` has stopped before a call. Answers it, or lets it be made; an open that needs
  /// `opened` when it has been made.
  std::optional<HeldOpen> call(pid_t thread, pid_t id, HeldProcess& process) const;
  static void opened(pid_t thread, const HeldOpen& open);
  /// The process has become another program, which did not run yet.
  void executed(pid_t thread, HeldProcess& process) const;

 private:
  std::optional<HeldOpen> open(pid_t thread, Registers& registers, HeldProcess& process) const;
  [[nodiscard]] std::optional<std::string> content_of(std::string_view path, HeldProcess& process) const;

  const Hold& hold_;
};

}  // namespace cairn::runner
