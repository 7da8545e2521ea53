// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>

#include "ops/environment_probe.h"
#include "ops/pipelines.h"
#include "ops/recorder.h"
#include "ops/run_facts.h"
#include "ops/run_results.h"
#include "ops/stage_frame.h"
#include "ops/workspace_state.h"
#include "os/lock.h"
#include "pipeline/schedule.h"
#include "runner/shell_command.h"
#include "version/run_log.h"

namespace cairn::ops {

/// The real world of the scheduler: a workspace, its store, the journal of runs, and commands run by shells.
/// The workspace is used under one mutex, and its lock is held only while outs are replaced; neither is held
/// while a command runs. Results become durable in batches: see Recorder.
class ReproWorld : public pipeline::World {
 public:
  /// What stays of runs: results, in cairn.lock and for later runs to take over; or records alone.
  enum class Keep : std::uint8_t { results, records };
  struct Options {
    bool use_run_cache = true;
    /// Whether environments may be asked by executing what the repository names: no in dry runs.
    version::Executing executing = version::Executing::yes;
    const remote::Remote* remote = nullptr;  ///< where outs that are not here come from
    FrameOptions frame;                      ///< what is put around commands
    Keep keep = Keep::results;
  };
  ReproWorld(project::Workspace& workspace, Locks locks, Options options, const Context& context)
      : workspace_(workspace),
        context_(context),
        options_(std::move(options)),
        locks_(std::move(locks)),
        environments_(workspace, options_.executing, context),
        state_(workspace, context, &environments_),
        recorder_(workspace, locks_, mutex_, context),
        results_(workspace, locks_, recorder_, options_.remote, context) {}

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

  /// Lends the workspace while stages may run.
  Status with_workspace(const std::function<Status(project::Workspace&)>& use);

  /// Says of every changed folder which files in it changed, where that is known.
  Status name_files(pipeline::PipelineReport& report);

  /// Says of every changed environment what in it changed, where that is known.
  void name_environments(const pipeline::Graph& graph, pipeline::PipelineReport& report);

  /// What was learnt of the stages whose commands ran, by address. To be called once all is done.
  std::map<std::string, StageObservation, std::less<>> take_observations() { return std::move(observed_); }

  /// The stage's block as it is now. To be called once all is done.
  [[nodiscard]] const pipeline::StageLock* block(const pipeline::Stage& stage) const {
    return locks_.find(stage);
  }

  /// Writes locks and caches that are still to be written. To be called once all is done, also after
  /// failures.
  Status finish();

 private:
  /// A run that ended well and is to be recorded, and the right to run its stage.
  struct Ended {
    version::RunRecord run;
    std::shared_ptr<const os::FileLock> claim;
  };
  Result<std::optional<std::vector<pipeline::LockedOut>>> find_result(const pipeline::Stage& stage,
                                                                      const store::Id& key);
  Status release_former(const pipeline::Stage& stage, const pipeline::StageLock& block);
  Status check_not_in_git(const pipeline::Stage& stage);
  /// What is around a stage's command, and what came of it.
  struct Framed {
    StagePaths paths;
    std::optional<runner::TraceReport> seen;
    std::optional<StageIsolation> isolation;
  };
  /// `framed` is null where nothing is put around commands.
  Result<runner::CommandResult> run_command(const pipeline::Stage& stage, pipeline::Watcher& watcher,
                                            version::RunOutput& output, Framed* framed);
  Result<runner::CommandResult> run_framed(const pipeline::Stage& stage, runner::ShellCommand& command,
                                           Framed& framed);
  /// Keeps what was learnt. An error where it lets the stage fail.
  Status observe(const pipeline::Stage& stage, const Framed& framed,
                 const Result<runner::CommandResult>& ended);
  /// The right to run the stage; nothing when another process has it.
  Result<std::shared_ptr<const os::FileLock>> try_claim(const pipeline::Stage& stage, std::string& holder);
  Status wait_for_claim(const pipeline::Stage& stage, const pipeline::StageLock& wanted,
                        std::unique_lock<std::mutex>& lock, const std::string& holder);
  Status check_unchanged(const pipeline::Stage& stage, const pipeline::StageLock& wanted);
  Result<std::vector<pipeline::LockedOut>> conclude(const pipeline::Stage& stage,
                                                    const pipeline::StageLock& wanted,
                                                    const Result<runner::CommandResult>& ended);
  Status store_log(const version::RunOutput& output, version::RunRecord& run);
  void record_failure(version::RunRecord run, const Error& error);
  Result<version::EncodedRun> encode(const pipeline::Stage& stage, version::RunRecord run,
                                     const pipeline::StageLock& block);
  void forget_outs(const pipeline::Stage& stage);
  void forget_inputs(const pipeline::Stage& stage, const pipeline::StageLock& wanted);
  const RunFacts& facts();

  project::Workspace& workspace_;
  const Context& context_;
  Options options_;
  std::mutex mutex_;  // guards all below, and the workspace
  Locks locks_;
  Environments environments_;
  WorkspaceState state_;
  Recorder recorder_;  // guards itself, but for what it says needs the mutex
  RunResults results_;
  std::optional<RunFacts> facts_;
  std::map<std::string, Ended, std::less<>> ended_;                // by address
  std::set<std::string, std::less<>> adopted_;                     // addresses
  std::map<std::string, StageObservation, std::less<>> observed_;  // by address
};

}  // namespace cairn::ops
