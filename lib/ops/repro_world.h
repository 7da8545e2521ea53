// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <mutex>

#include "ops/environment_probe.h"
#include "ops/pipelines.h"
#include "ops/run_cache.h"
#include "ops/workspace_state.h"
#include "os/lock.h"
#include "pipeline/schedule.h"
#include "runner/shell_command.h"

namespace cairn::ops {

/// The real world of the scheduler: a workspace, its store, the run cache, and commands run by shells. The
/// workspace is used under one mutex, and its lock is held only while outs are stored or replaced; neither is
/// held while a command runs.
class ReproWorld : public pipeline::World {
 public:
  struct Options {
    bool use_run_cache = true;
    /// Whether environments may be asked by executing what the repository names: no in dry runs.
    version::Executing executing = version::Executing::yes;
  };
  ReproWorld(project::Workspace& workspace, Locks locks, Options options, const Context& context)
      : workspace_(workspace),
        context_(context),
        options_(options),
        locks_(std::move(locks)),
        environments_(workspace, options.executing, context),
        state_(workspace, context, &environments_) {}

  Result<pipeline::Inspection> inspect(const pipeline::Stage& stage) override;
  Result<std::optional<std::vector<pipeline::LockedOut>>> restore(const pipeline::Stage& stage,
                                                                  const pipeline::StageLock& wanted,
                                                                  const store::Id& key) override;
  Result<bool> can_restore(const pipeline::Stage& stage, const pipeline::StageLock& wanted,
                           const store::Id& key) override;
  Result<std::vector<pipeline::LockedOut>> run(const pipeline::Stage& stage,
                                               const pipeline::StageLock& wanted, const store::Id& key,
                                               pipeline::Attempt& attempt) override;
  Result<std::vector<pipeline::LockedOut>> adopt(const pipeline::Stage& stage,
                                                 const pipeline::StageLock& wanted) override;
  void record(const pipeline::Stage& stage, const pipeline::StageLock& block,
              pipeline::Recorded done) override;

  /// Says of every changed folder which files in it changed, where that is known.
  Status name_files(pipeline::PipelineReport& report);

  /// Says of every changed environment what in it changed, where that is known.
  void name_environments(const pipeline::Graph& graph, pipeline::PipelineReport& report);

  /// Writes locks and caches that are still to be written. To be called once all is done, also after
  /// failures.
  Status finish();

 private:
  Result<std::optional<std::vector<pipeline::LockedOut>>> find_result(const pipeline::Stage& stage,
                                                                      const store::Id& key);
  Result<RunCache*> run_cache();
  Result<os::FileLock> wait_for_lock();
  Status save_locks();
  Status release_former(const pipeline::Stage& stage, const pipeline::StageLock& block);
  Status check_not_in_git(const pipeline::Stage& stage);
  Status remember(const pipeline::Stage& stage, const store::Id& key, const pipeline::StageLock& block);
  Result<runner::CommandResult> run_command(const pipeline::Stage& stage, pipeline::Watcher& watcher);
  Status put(const pipeline::Stage& stage, const pipeline::StageLock& block);
  Result<os::FileLock> claim(const pipeline::Stage& stage);
  Status check_unchanged(const pipeline::Stage& stage, const pipeline::StageLock& wanted);
  Result<std::vector<pipeline::LockedOut>> conclude(const pipeline::Stage& stage,
                                                    const pipeline::StageLock& wanted,
                                                    const Result<runner::CommandResult>& ended);
  void forget_outs(const pipeline::Stage& stage);

  project::Workspace& workspace_;
  const Context& context_;
  Options options_;
  std::mutex mutex_;  // guards all below, and the workspace
  Locks locks_;
  Environments environments_;
  WorkspaceState state_;
  std::optional<RunCache> run_cache_;
  std::chrono::steady_clock::time_point locks_saved_;
};

}  // namespace cairn::ops
