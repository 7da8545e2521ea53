// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ops/workspace_state.h"
#include "pipeline/lock.h"
#include "project/workspace.h"
#include "runner/shell_command.h"
#include "version/environment.h"

namespace cairn::ops {

/// Environments of stages as inputs: captured once each, compared with what locks name, entered by commands.
/// Threads: wrap() by any number at once; the others use the workspace.
class Environments : public EnvironmentProbe {
 public:
  Environments(project::Workspace& workspace, version::Executing executing, const Context& context)
      : workspace_(workspace), context_(context), capture_(workspace.paths().root, executing, context.stop) {}

  Result<std::optional<store::Object>> object(const pipeline::Stage& stage,
                                              const pipeline::StageLock* block) override;
  /// What differs between the record `was` and now, in words; empty where that record is not in the store.
  Result<std::vector<std::string>> compare(const pipeline::Stage& stage, const store::Id& was);
  /// Stores the record durably, if it is not there yet: before a lock names it.
  Status store(const pipeline::Stage& stage);

  /// Makes the command run inside its stage's environment. A container that a killed cairn may have left is
  /// ended first. The value, unless empty, is a command line that ends the container: for end_container().
  Result<std::vector<std::string>> wrap(const pipeline::Stage& stage, runner::ShellCommand& command);

 private:
  project::Workspace& workspace_;
  const Context& context_;
  version::EnvironmentCapture capture_;
};

/// Runs such a command line; nothing for an empty one. To be called when a command did not end by itself: its
/// container outlives the engine's client. Whether it was there is not told.
void end_container(const std::vector<std::string>& clean_up);

}  // namespace cairn::ops
