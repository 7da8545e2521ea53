// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ops/stage_paths.h"
#include "os/lock.h"
#include "pipeline/graph.h"
#include "runner/isolate.h"

namespace cairn::ops {

/// How a stage was isolated.
struct StageIsolation {
  bool boxed = false;
  std::string why_not_boxed;
};

/// Where the trees of isolated stages are made, for as long as it lives. What killed runs left there goes
/// when nobody else uses it.
class IsolationFolder {
 public:
  static Result<IsolationFolder> open(const project::Workspace& workspace);
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  IsolationFolder(std::string path, os::FileLock used) : path_(std::move(path)), used_(std::move(used)) {}
  std::string path_;
  os::FileLock used_;
};

/// Error `unsupported` for a selected stage that runs in a container, which sees the whole project.
Status check_can_isolate(const pipeline::Graph& graph, const std::vector<pipeline::StageIndex>& selection);

/// A tree for one try of the stage's command. Errors: as Isolation::prepare.
Result<runner::Isolation> isolate_stage(const std::string& root, const IsolationFolder& folder,
                                        const pipeline::Stage& stage, const StagePaths& paths,
                                        const std::atomic<bool>& stop);

/// Moves the stage's outs out of the tree; of a glob, all that matches there.
Status bring_outs_back(const runner::Isolation& isolation, const pipeline::Stage& stage,
                       const std::atomic<bool>& stop);

}  // namespace cairn::ops
