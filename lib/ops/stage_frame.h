// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "ops/stage_isolation.h"
#include "ops/stage_trace.h"
#include "runner/shell_command.h"

namespace cairn::ops {

/// How stages are watched and kept apart.
struct FrameOptions {
  Tracing tracing = Tracing::no;
  const IsolationFolder* isolated = nullptr;  ///< null: stages run in the project itself
  std::vector<std::string> all_outs = {};     ///< outs_of_all(), for a trace

  [[nodiscard]] bool any() const { return tracing != Tracing::no || isolated != nullptr; }
};

/// What is around one try of a stage's command: nothing, a trace, a tree of its own, or both. Threads: any
/// number at once, each on one thread.
class StageFrame {
 public:
  static Result<StageFrame> make(const FrameOptions& options, const std::string& root,
                                 const pipeline::Stage& stage, const StagePaths& paths,
                                 const std::atomic<bool>& stop);

  /// Puts it around the command. It has to stay where it is until the command has ended.
  void put_around(runner::ShellCommand& command);
  /// What was seen; nothing without a trace. Once, when the command has ended.
  std::optional<runner::TraceReport> finish_trace();
  /// Puts the outs of a command that ended well into the project.
  Status bring_outs_back(const pipeline::Stage& stage, const std::atomic<bool>& stop) const;
  [[nodiscard]] std::optional<StageIsolation> isolation() const;

 private:
  StageFrame() = default;
  std::optional<runner::Isolation> isolation_;
  std::optional<runner::Trace> trace_;
};

/// What was learnt of a stage's last try; nothing where it was not asked for.
struct StageObservation {
  std::optional<StageTrace> trace;
  std::optional<StageIsolation> isolation;
};

}  // namespace cairn::ops
