// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>

#include "runner/trace_paths.h"
#include "runner/trace_record.h"

struct seccomp_notif;

namespace cairn::runner {

/// Turns observed system calls into events of a TraceRecord. Each is looked at before it is executed; whether
/// it will succeed is foretold from what stands at its paths. Internal to runner/; one thread.
class TraceCalls {
 public:
  explicit TraceCalls(const TraceOptions& options) : paths_(options.root), record_(options) {}

  /// Looks at a call that `listener` received, and lets it go on.
  void answer(const seccomp_notif& call, int listener);
  TraceRecord& record() { return record_; }

 private:
  using Argument = std::uint64_t;

  void file_call(const seccomp_notif& call);
  void other_call(const seccomp_notif& call);

  void open(int folder, Argument path, std::uint64_t flags);
  void open2(int folder, Argument path, Argument how);
  void execute(int folder, Argument path, Argument flags);
  void executed(const TracedPath& program, int depth);
  void rename(int from_folder, Argument from, int to_folder, Argument to, Argument flags);
  void remove(int folder, Argument path, Node node);
  void truncate(Argument path);
  void link(int from_folder, Argument from, int to_folder, Argument to, Argument flags);
  /// mkdir, symlink and mknod: the name is made if it is free.
  void make(int folder, Argument path, Node node);
  void network(TraceEndpoint::Use use, Argument address, Argument size);

  /// The text at that address; empty if it cannot be read.
  std::string_view text_at(Argument address);
  /// The thread waits in that call yet: what was read under its number was its own.
  [[nodiscard]] bool still_waits() const;
  /// The same, and lets the call go on: nothing may be looked at afterwards.
  [[nodiscard]] bool release();
  TracedPath resolve(int folder, Argument path, LastLink last);
  /// Reports symlinks that the call went through.
  void went_through(const TracedPath& path);

  TracePaths paths_;
  TraceRecord record_;
  pid_t thread_ = 0;  ///< who makes the call at hand
  int listener_ = -1;
  std::uint64_t id_ = 0;   ///< of that call
  bool released_ = false;  ///< that call goes on
  std::array<char, 4096> text_{};
};

}  // namespace cairn::runner
