// SPDX-License-Identifier: Apache-2.0
#include "ops/repro_world.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "ops/stage_outs.h"
#include "os/file.h"
#include "os/path.h"
#include "pipeline/glob_overlap.h"
#include "pipeline/key.h"
#include "runner/output_tee.h"
#include "runner/shell_command.h"

namespace cairn::ops {
namespace {

using pipeline::LockedOut;
using pipeline::Stage;
using pipeline::StageLock;

/// cairn.lock is rewritten at most this often while stages finish; the run cache is the journal in between.
constexpr std::chrono::seconds kLockInterval{1};

Error command_failed(const Stage& stage, const runner::CommandResult& ended) {
  std::string how = "ended with status " + std::to_string(ended.exit.status);
  if (ended.timed_out) {
    how = fmt::format("was ended after its timeout of {} s",
                      std::chrono::duration<double>(stage.timeout).count());
  } else if (ended.exit.signal != 0) {
    how = "was killed by signal " + std::to_string(ended.exit.signal);
  }
  return {Code::stage_failed, "the command of stage " + quoted(stage.address()) + " " + how,
          "correct it in " + escaped(stage.file) +
              ", then run cairn repro again; the previous outputs are back in place"};
}

/// Hands a command's output on to whoever watches the run.
class StageOutput : public runner::OutputSink {
 public:
  StageOutput(const Stage& stage, pipeline::Watcher& watcher) : stage_(stage), watcher_(watcher) {}

  void raw(std::string_view bytes) override { (void)bytes; }
  void line(std::string_view text) override { watcher_.line(stage_, text, pipeline::LineState::whole); }
  void unfinished(std::string_view text) override {
    watcher_.line(stage_, text, pipeline::LineState::unfinished);
  }

 private:
  const Stage& stage_;
  pipeline::Watcher& watcher_;
};

/// Which outs are metrics is no part of a result.
bool same_result(const std::vector<LockedOut>& a, const std::vector<LockedOut>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const LockedOut& x, const LockedOut& y) {
    return x.path == y.path && x.state == y.state;
  });
}

/// What the result lacks need not be made: `optional` is no part of the key.
bool may_lack(const Stage& stage, const std::vector<LockedOut>& outs) {
  return std::all_of(outs.begin(), outs.end(), [&stage](const LockedOut& made) {
    return made.state.has_value() ||
           std::any_of(stage.outs.begin(), stage.outs.end(), [&made](const pipeline::Out& out) {
             return out.path == made.declared() && out.optional;
           });
  });
}

/// A file that Git tracks and that is, or is inside, what the out stands for.
std::optional<std::string> tracked_at(const pipeline::TrackedFiles& tracked, const pipeline::Out& out) {
  std::optional<std::string> found;
  const auto pattern = pipeline::PathPattern::glob(out.path);
  if (out.glob) {
    tracked.each_inside(pattern.base(), [&](std::string_view file) {
      const auto path = pipeline::PathPattern::path(file);
      if (pattern.can_equal(path) || pattern.can_hold(path)) {
        found = file;
      }
    });
  } else {
    found = tracked.contains(out.path) ? std::optional(out.path) : std::nullopt;
    tracked.each_inside(out.path, [&](std::string_view) { found = out.path; });
  }
  return found;
}

}  // namespace

Result<pipeline::Inspection> ReproWorld::inspect(const Stage& stage) {
  std::lock_guard lock(mutex_);
  pipeline::Inspection inspection;
  const StageLock* block = locks_.find(stage);
  CAIRN_TRY_ASSIGN(inspection.inputs, state_.inputs(stage, block));
  if (block != nullptr) {
    inspection.block = std::make_shared<const StageLock>(*block);
  }
  return inspection;
}

Result<RunCache*> ReproWorld::run_cache() {
  if (!run_cache_) {
    CAIRN_TRY_ASSIGN(run_cache_, RunCache::open(workspace_.paths().runs()));
  }
  return &*run_cache_;
}

Result<std::optional<std::vector<LockedOut>>> ReproWorld::find_result(const Stage& stage,
                                                                      const store::Id& key) {
  const StageLock* block = locks_.find(stage);
  if (block != nullptr && pipeline::stage_key(*block, stage.folder()) == key) {
    CAIRN_TRY_ASSIGN(bool here, outs_at_hand(workspace_, block->outs));
    if (here && may_lack(stage, block->outs)) {
      return std::optional(block->outs);
    }
  }
  if (!options_.use_run_cache) {
    return std::optional<std::vector<LockedOut>>();
  }
  CAIRN_TRY_ASSIGN(RunCache * cache, run_cache());
  for (const StageLock& known : cache->find(key, stage.folder())) {
    CAIRN_TRY_ASSIGN(bool here, outs_at_hand(workspace_, known.outs));
    if (here && may_lack(stage, known.outs)) {
      return std::optional(known.outs);
    }
  }
  return std::optional<std::vector<LockedOut>>();
}

Result<std::optional<std::vector<LockedOut>>> ReproWorld::restore(const Stage& stage,
                                                                  const StageLock& /*wanted*/,
                                                                  const store::Id& key) {
  std::lock_guard lock(mutex_);
  CAIRN_TRY_ASSIGN(auto found, find_result(stage, key));
  if (!found) {
    return found;
  }
  CAIRN_TRY(check_not_in_git(stage));
  CAIRN_TRY_ASSIGN(os::FileLock project_lock, workspace_.lock());
  Status placed = place_outs(workspace_, *found, context_);
  forget_outs(stage);
  if (!placed.ok() && (placed.error().code() == Code::not_found || placed.error().code() == Code::corrupt)) {
    return std::optional<std::vector<LockedOut>>();  // not wholly here: running the stage makes it again
  }
  CAIRN_TRY(std::move(placed));
  return found;
}

Result<bool> ReproWorld::can_restore(const Stage& stage, const StageLock& /*wanted*/, const store::Id& key) {
  std::lock_guard lock(mutex_);
  CAIRN_TRY_ASSIGN(auto found, find_result(stage, key));
  return found.has_value();
}

/// The project's lock, however long another command holds it: a stage that ended must be recorded, or its
/// previous outputs come back, whatever else goes on.
Result<os::FileLock> ReproWorld::wait_for_lock() {
  while (true) {
    auto lock = workspace_.lock();
    if (lock.ok() || lock.error().code() != Code::locked) {
      return lock;
    }
    context_.log.info("still waiting: " + lock.error().message());
  }
}

/// What Git tracks is not for a stage to replace and hide.
Status ReproWorld::check_not_in_git(const Stage& stage) {
  CAIRN_TRY_ASSIGN(const pipeline::TrackedFiles* tracked, state_.tracked_files());
  for (const pipeline::Out& out : stage.outs) {
    const std::optional<std::string> found = out.cached ? tracked_at(*tracked, out) : std::nullopt;
    if (found) {
      return Error(Code::conflict,
                   fmt::format("{}:{}:{}: Git tracks {}, an output of stage {}", escaped(stage.file),
                               out.at.line, out.at.column, quoted(*found), quoted(stage.address())),
                   "git rm -r --cached -- " + escaped(*found) + ", or 'cache: false' for this output");
    }
  }
  return {};
}

Result<os::FileLock> ReproWorld::claim(const Stage& stage) {
  std::string folder = workspace_.paths().state + "/claims";
  CAIRN_TRY(os::make_folders(folder, os::Durable::no));
  std::string name = codec::hash(as_bytes(stage.address())).hex().substr(0, 16);
  auto claimed =
      os::FileLock::acquire(folder + "/" + name, os::LockMode::exclusive, std::chrono::milliseconds(0));
  if (!claimed.ok() && claimed.error().code() == Code::locked) {
    return claimed.error()
        .with_context("stage " + quoted(stage.address()) + " is being run")
        .with_hint("wait until it is done");
  }
  return claimed;
}

Result<runner::CommandResult> ReproWorld::run_command(const Stage& stage, pipeline::Watcher& watcher) {
  runner::ShellCommand command;
  command.script = stage.cmd;
  command.shell = stage.shell;
  command.folder = os::join(workspace_.paths().root, stage.wdir);
  for (const pipeline::LockedVariable& variable : pipeline::command_variables(stage)) {
    command.env[variable.name] = variable.value;
  }
  command.env["CAIRN_ROOT"] = workspace_.paths().root;
  command.env["CAIRN_STAGE"] = stage.address();
  command.timeout = stage.timeout;
  CAIRN_TRY_ASSIGN(std::vector<std::string> clean_up, environments_.wrap(stage, command));
  StageOutput sink(stage, watcher);
  CAIRN_TRY_ASSIGN(auto output, runner::OutputTee::open(sink));
  command.output_fd = output.fd();
  auto ended = runner::run_shell(command, context_.stop, context_.kill);
  output.close();
  if (!ended.ok() || !ended->exit.ok() || ended->timed_out || context_.stop) {
    end_container(clean_up);
  }
  if (ended.ok() && ended->left_processes) {
    context_.log.warn(
        "the command of stage " + quoted(stage.address()) +
        " left processes running, which could still have changed its outputs: they were killed; "
        "let it wait for all that it starts");
  }
  return ended;
}

Status ReproWorld::check_unchanged(const Stage& stage, const StageLock& wanted) {
  for (const pipeline::Dep& dep : stage.deps) {
    state_.forget(dep);
  }
  for (const pipeline::LockedPath& code : wanted.code) {
    state_.forget(code.path);
  }
  for (const pipeline::ParamFile& file : stage.params) {
    state_.forget(file.file);
  }
  CAIRN_TRY_ASSIGN(pipeline::Inputs now, state_.inputs(stage, &wanted));
  StageLock after = pipeline::make_block(stage, now);
  if (pipeline::stage_key(after, stage.folder()) != pipeline::stage_key(wanted, stage.folder())) {
    return Error(Code::stage_failed, "an input of stage " + quoted(stage.address()) + " changed while it ran",
                 "nothing was recorded; let the command leave its inputs alone, then run cairn repro again");
  }
  return {};
}

Result<std::vector<LockedOut>> ReproWorld::conclude(const Stage& stage, const StageLock& wanted,
                                                    const Result<runner::CommandResult>& ended) {
  if (!ended.ok()) {
    return ended.error();
  }
  if (context_.stop) {
    return Error(Code::interrupted, "stage " + quoted(stage.address()) + " was interrupted", "cairn repro");
  }
  if (!ended->exit.ok() || ended->timed_out) {
    return command_failed(stage, *ended);
  }
  forget_outs(stage);
  CAIRN_TRY(check_unchanged(stage, wanted));
  return store_outs(workspace_, stage, context_);
}

Result<std::vector<LockedOut>> ReproWorld::run(const Stage& stage, const StageLock& wanted,
                                               const store::Id& key, pipeline::Attempt& attempt) {
  std::unique_lock lock(mutex_);
  CAIRN_TRY_ASSIGN(os::FileLock claimed, claim(stage));
  CAIRN_TRY(check_not_in_git(stage));
  std::vector<PreviousOut> previous;
  {
    CAIRN_TRY_ASSIGN(os::FileLock project_lock, workspace_.lock());
    CAIRN_TRY_ASSIGN(previous, set_aside(workspace_, stage, context_));
  }
  lock.unlock();
  auto ended = run_command(stage, attempt.watcher);
  if (ended.ok()) {
    attempt.end = pipeline::CommandEnd{ended->exit.status, ended->exit.signal, ended->timed_out};
  }
  lock.lock();

  CAIRN_TRY_ASSIGN(os::FileLock project_lock, wait_for_lock());
  auto outs = conclude(stage, wanted, ended);
  forget_outs(stage);
  if (!outs.ok()) {
    // Ctrl-C asked to stop, but the outputs still have to come back.
    std::atomic<bool> go_on{false};
    Context recovery{context_.log, context_.progress, go_on, context_.jobs};
    CAIRN_TRY(put_back(workspace_, previous, recovery));
    return outs;
  }
  CAIRN_TRY(state_.keep_trees(stage));
  if (stage.restorable()) {
    StageLock block = wanted;
    block.outs = *outs;
    CAIRN_TRY(remember(stage, key, block));
  }
  return outs;
}

Status ReproWorld::remember(const Stage& stage, const store::Id& key, const StageLock& block) {
  CAIRN_TRY_ASSIGN(RunCache * cache, run_cache());
  for (const StageLock& known : cache->find(key, stage.folder())) {
    if (!same_result(known.outs, block.outs)) {
      context_.log.warn("stage " + quoted(stage.address()) +
                        " is not deterministic: the same inputs gave other outputs before");
      break;
    }
  }
  return cache->append(key, stage.folder(), block);
}

Result<std::vector<LockedOut>> ReproWorld::adopt(const Stage& stage, const StageLock& wanted) {
  (void)wanted;  // a frozen stage's inputs do not matter
  std::lock_guard lock(mutex_);
  CAIRN_TRY(check_not_in_git(stage));
  CAIRN_TRY_ASSIGN(os::FileLock project_lock, workspace_.lock());
  return store_outs(workspace_, stage, context_);
}

void ReproWorld::record(const Stage& stage, const StageLock& block, pipeline::Recorded done) {
  done(put(stage, block));
}

Status ReproWorld::put(const Stage& stage, const StageLock& block) {
  std::lock_guard lock(mutex_);
  CAIRN_TRY(release_former(stage, block));
  CAIRN_TRY(environments_.store(stage));
  locks_.put(stage, block);
  auto now = std::chrono::steady_clock::now();
  if (stage.restorable() && now - locks_saved_ < kLockInterval) {
    return {};  // the run cache has it
  }
  locks_saved_ = now;
  return save_locks();
}

/// What was taken out of the stage's outs is Git's and the user's again.
Status ReproWorld::release_former(const Stage& stage, const StageLock& block) {
  const StageLock* former = locks_.find(stage);
  std::vector<std::string> paths =
      former == nullptr ? std::vector<std::string>() : outs_to_release(*former, &block);
  std::erase_if(paths, [&](const std::string& path) { return locks_.is_out_of_another(path, stage); });
  if (paths.empty()) {
    return {};
  }
  CAIRN_TRY_ASSIGN(os::FileLock project_lock, wait_for_lock());
  return release_outs(workspace_, paths);
}

Status ReproWorld::save_locks() {
  if (!locks_.changed()) {
    return {};
  }
  CAIRN_TRY_ASSIGN(os::FileLock project_lock, wait_for_lock());
  return locks_.save(workspace_);
}

Status ReproWorld::name_files(pipeline::PipelineReport& report) {
  std::lock_guard lock(mutex_);
  for (pipeline::StageReport& stage : report.stages) {
    for (pipeline::Change& change : stage.changes) {
      if (change.was && change.now && change.was->is_tree() && change.now->is_tree()) {
        CAIRN_TRY_ASSIGN(change.inside, state_.compare(change.name, *change.was));
      }
    }
  }
  return {};
}

void ReproWorld::name_environments(const pipeline::Graph& graph, pipeline::PipelineReport& report) {
  std::lock_guard lock(mutex_);
  for (pipeline::StageReport& stage : report.stages) {
    for (pipeline::Change& change : stage.changes) {
      std::optional<store::Id> was = store::Id::from_text(change.before);
      if (change.kind == pipeline::ChangeKind::environment && was) {
        auto words = environments_.compare(graph.stage(stage.stage), *was);
        if (words.ok()) {  // a record that cannot be read costs the words alone
          change.inside = std::move(*words);
        }
      }
    }
  }
}

void ReproWorld::forget_outs(const Stage& stage) {
  for (const pipeline::Out& out : stage.outs) {
    state_.forget(out);
  }
}

Status ReproWorld::finish() {
  std::lock_guard lock(mutex_);
  CAIRN_TRY(save_locks());
  return workspace_.save();
}

}  // namespace cairn::ops
