// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "pipeline/change.h"
#include "pipeline/graph.h"
#include "pipeline/inputs.h"
#include "pipeline/lock.h"
#include "pipeline/resources.h"
#include "pipeline/watcher.h"
#include "store/key.h"

namespace cairn::pipeline {

/// What is known of one stage: the block that the lock or the journal holds (null: it never ran), and what is
/// there now.
struct Inspection {
  std::shared_ptr<const StageLock> block;
  Inputs inputs;
};

/// How a stage's command ended: as os::ExitStatus, and whether its time was over.
struct CommandEnd {
  int status = 0;  ///< 0-255; 128+signal when killed
  int signal = 0;  ///< 0 when it exited by itself
  bool timed_out = false;
  [[nodiscard]] bool ok() const { return status == 0 && !timed_out; }
};

/// One try of a stage's command.
struct Attempt {
  unsigned number = 1;  ///< from 1
  Watcher& watcher;     ///< to be told the lines of the command's output; from any thread
  std::optional<CommandEnd>
      end;  ///< to be set by World::run as soon as the command has ended, however it did
  /// To be set by World::run when it did not run the command because another process was running the stage
  /// and has ended by now: the stage is to be judged again. What it returns does not count then.
  bool overtaken = false;
};

/// Takes the news that something is durable, or why not.
using Recorded = std::function<void(Status)>;

/// What the scheduler needs of the world outside. Threads: called from several threads at once, never twice
/// at once for one stage. A stage is inspected when all that it needs is final.
class World {
 public:
  virtual ~World() = default;

  /// Looks at what is there now. Called again when a stage has waited for resources or for another try.
  virtual Result<Inspection> inspect(const Stage& stage) = 0;

  /// Puts a recorded result of `key` in place (from the stage's own block or the run cache) and returns its
  /// outs; nothing if there is none whose content is at hand.
  virtual Result<std::optional<std::vector<LockedOut>>> restore(const Stage& stage, const StageLock& wanted,
                                                                const store::Id& key) = 0;
  /// Dry run: whether restore would have a result. If so, inspect gives the outs as it would have put them in
  /// place from now on, to stages that have them as deps.
  virtual Result<bool> can_restore(const Stage& stage, const StageLock& wanted, const store::Id& key) = 0;

  /// Runs the command once, within the stage's timeout, stores its cached outs and returns all outs, which
  /// are final for the stages after it (durability comes with record). `wanted` holds the inputs that it was
  /// judged by. If it fails or is stopped, the previous outs are back in place. Errors: `stage_failed` for a
  /// command that failed, `interrupted` when context.stop ended it, anything else for what cairn could not
  /// do. Only a command that failed (attempt.end is set and not ok) is tried again.
  virtual Result<std::vector<LockedOut>> run(const Stage& stage, const StageLock& wanted,
                                             const store::Id& key, Attempt& attempt) = 0;

  /// Stores the outs of a frozen stage as they are now and returns them.
  virtual Result<std::vector<LockedOut>> adopt(const Stage& stage, const StageLock& wanted) = 0;

  /// Makes `block` the stage's block: inspect gives it from now on. Returns at once and calls `done` exactly
  /// once, from any thread, also before it returns, when the block and all it names are durable, or cannot
  /// be.
  virtual void record(const Stage& stage, const StageLock& block, Recorded done) = 0;
};

/// How far a repro goes.
struct ScheduleOptions {
  unsigned jobs = 1;           ///< stages that run at once, at least 1
  bool force = false;          ///< run every selected stage, without the run cache
  bool dry_run = false;        ///< only say what would be done
  bool keep_going = false;     ///< after a failure go on with stages that do not need the failed one
  bool allow_missing = false;  ///< deps and outs that are recorded but not here count as unchanged
  bool use_run_cache = true;   ///< false: results of earlier runs are not looked for
  Watcher* watcher = nullptr;  ///< told what happens; null: nobody
  std::optional<Resources> limits = std::nullopt;  ///< what stages may use at once; nothing: no limits
};

enum class Outcome : std::uint8_t {
  up_to_date,
  restored,  ///< its outs came from the run cache
  ran,
  adopted,        ///< frozen, its outs had changed and were recorded
  failed,         ///< see error
  skipped,        ///< not tried, see reason
  would_run,      ///< dry run
  would_restore,  ///< dry run
  would_adopt,    ///< dry run
  might_run,      ///< dry run: if a stage before it changes its outs
};

/// The name in JSON: "up_to_date".
std::string_view outcome_name(Outcome outcome);

struct StageReport {
  StageIndex stage = 0;
  Outcome outcome = Outcome::skipped;
  std::vector<Change> changes;                   ///< why it was not up to date
  std::string reason;                            ///< of skipped: "needs 'prepare', which failed"
  std::optional<Error> error;                    ///< of failed
  unsigned attempts = 0;                         ///< times that its command was run
  std::optional<CommandEnd> end = std::nullopt;  ///< how the command ended the last time
};

/// What became of every selected stage, in the order of the selection.
struct PipelineReport {
  std::vector<StageReport> stages;
  bool interrupted = false;

  [[nodiscard]] std::size_t count(Outcome outcome) const;
};

/// Brings the selected stages (select_stages: topological order) up to date. Independent stages run at once;
/// each is judged when those it needs are final, so unchanged outs do not rerun what depends on them.
///
/// A stage whose command has to run waits until its resources are free. The order is that of the selection,
/// and what a stage waits for is held back from those after it (ResourcePool), so none waits for ever. A
/// stage that would run, or might, but asks for more than the limits fails before anything runs; one that
/// need not run is not asked. While a stage waits, or rests before it is tried again (Stage::retries; the
/// delay doubles each time, up to an hour), others use its resources; it is judged again before it runs.
///
/// After a failure (without keep_going), and after context.stop, nothing new is started and what runs is
/// waited for. Returns when all that was recorded is durable. Counts finished stages in context.progress.
/// Cost beyond World: about a microsecond a stage and edge.
PipelineReport run_pipeline(const Graph& graph, const std::vector<StageIndex>& selection,
                            const ScheduleOptions& options, World& world, Context& context);

}  // namespace cairn::pipeline
