// SPDX-License-Identifier: Apache-2.0
#include "pipeline/scheduler.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "os/parallel.h"
#include "pipeline/glob_overlap.h"

namespace cairn::pipeline {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kNotSelected = static_cast<std::size_t>(-1);
/// A signal handler can only set the stop flag, so a worker that rests has to look at it.
constexpr milliseconds kLook{50};
constexpr std::chrono::hours kLongestRest{1};

/// All that `stage` reads of `up` are paths that are outs of it as they stand: then their restored states are
/// known when `stage` is looked at.
bool reads_whole_outs(const Stage& stage, const Stage& up) {
  const auto touches = [&up](const PathPattern& read, bool whole) {
    return std::any_of(up.outs.begin(), up.outs.end(), [&](const Out& out) {
      const bool same = whole && !out.glob && out.path == read.text();
      return !same && read.can_touch(out.glob ? PathPattern::glob(out.path) : PathPattern::path(out.path));
    });
  };
  return std::none_of(stage.deps.begin(), stage.deps.end(),
                      [&](const Dep& dep) {
                        return touches(dep.glob ? PathPattern::glob(dep.path) : PathPattern::path(dep.path),
                                       !dep.glob);
                      }) &&
         std::none_of(stage.params.begin(), stage.params.end(),
                      [&](const ParamFile& file) { return touches(PathPattern::path(file.file), false); });
}

/// In a dry run: whether what `up` will have made is unknown to `stage`.
bool may_change_outs(const Stage& stage, const Stage& up, Outcome outcome) {
  return outcome == Outcome::would_run || outcome == Outcome::might_run ||
         (outcome == Outcome::would_restore && !reads_whole_outs(stage, up));
}

bool is_broken(Outcome outcome) {
  return outcome == Outcome::failed || outcome == Outcome::skipped;
}

/// Doubles with every try, up to an hour.
milliseconds rest_after(const Retries& retries, unsigned attempt) {
  milliseconds rest = retries.delay;
  for (unsigned i = 1; i < attempt && rest < kLongestRest; ++i) {
    rest *= 2;
  }
  return std::max(retries.delay, std::min<milliseconds>(rest, kLongestRest));
}

StageReport skipped(StageIndex stage, std::string reason) {
  StageReport report;
  report.stage = stage;
  report.outcome = Outcome::skipped;
  report.reason = std::move(reason);
  return report;
}

StageReport failed(StageIndex stage, const Error& error) {
  StageReport report;
  report.stage = stage;
  report.outcome = Outcome::failed;
  report.error = error;
  return report;
}

}  // namespace

Scheduler::Scheduler(const Order& order, World& world, Watcher& watcher, Context& context)
    : graph_(order.graph),
      options_(order.options),
      refused_(order.refused),
      setting_{order.graph, order.options, world},
      watcher_(watcher),
      context_(context),
      slot_of_(order.graph.size(), kNotSelected),
      slots_(order.selection.size()),
      pool_(order.options.limits),
      unfinal_(order.selection.size()) {
  report_.stages.resize(slots_.size());
  for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
    report_.stages[slot].stage = order.selection[slot];
    slot_of_[order.selection[slot]] = slot;
  }
  for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
    slots_[slot].waits_for = needed(slot).size();
    if (slots_[slot].waits_for == 0) {
      ready_.push(slot);
    }
  }
}

PipelineReport Scheduler::run() {
  context_.progress.start("running stages", 0, slots_.size());
  watcher_.begun(slots_.size(), options_.jobs);
  refuse_at_once();
  const auto workers =
      static_cast<unsigned>(std::clamp<std::size_t>(slots_.size(), 1, std::max(1U, options_.jobs)));
  const Status joined = os::run_workers(workers, [this](unsigned) {
    work();
    return Status();
  });
  CAIRN_CHECK(joined.ok());
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return recording_ == 0; });
  give_up_the_rest();
  return std::move(report_);
}

/// Slots of the selected stages that this one waits for. A frozen stage's deps do not matter.
std::vector<std::size_t> Scheduler::needed(std::size_t slot) const {
  std::vector<std::size_t> slots;
  const StageIndex stage = report_.stages[slot].stage;
  if (!graph_.stage(stage).frozen) {
    for (StageIndex up : graph_.upstream(stage)) {
      if (slot_of_[up] != kNotSelected) {
        slots.push_back(slot_of_[up]);
      }
    }
  }
  return slots;
}

const Stage& Scheduler::stage_of(std::size_t slot) const {
  return graph_.stage(report_.stages[slot].stage);
}

/// Nothing new is begun.
bool Scheduler::halted() const {
  return failed_.has_value() || context_.stop.load(std::memory_order_relaxed);
}

void Scheduler::work() {
  std::unique_lock lock(mutex_);
  while (!halted() && unfinal_ > 0) {
    if (const std::optional<Turn> turn = next_turn()) {
      take(*turn, lock);
      changed_.notify_all();
    } else {
      wait_for_change(lock);
    }
  }
}

/// What was judged goes before what is to be judged, so that a judgement does not grow old.
std::optional<Scheduler::Turn> Scheduler::next_turn() {
  while (!resting_.empty() && resting_.top().until <= Clock::now()) {
    waiting_.insert(resting_.top().slot);
    resting_.pop();
  }
  if (const auto slot = next_to_run()) {
    return Turn{*slot, true};
  }
  if (ready_.empty()) {
    return std::nullopt;
  }
  const std::size_t slot = ready_.top();
  ready_.pop();
  return Turn{slot, false};
}

/// Takes resources for the first of the waiting slots that can have them.
std::optional<std::size_t> Scheduler::next_to_run() {
  if (waiting_.empty()) {
    return std::nullopt;
  }
  ++rounds_;
  pool_.begin_round();
  for (auto at = waiting_.begin(); at != waiting_.end() && !pool_.exhausted(); ++at) {
    Slot& slot = slots_[*at];
    if (pool_.take(slot.demand)) {
      const std::size_t found = *at;
      waiting_.erase(at);
      return found;
    }
    if (!std::exchange(slot.told, true)) {
      const std::string lacking = pool_.lacking(slot.demand);
      watcher_.waiting(stage_of(*at), lacking.empty() ? "for its turn" : "for " + lacking);
    }
  }
  return std::nullopt;
}

void Scheduler::wait_for_change(std::unique_lock<std::mutex>& lock) {
  if (resting_.empty()) {
    changed_.wait(lock);
  } else {
    changed_.wait_until(lock, std::min(resting_.top().until, Clock::now() + kLook));
  }
}

void Scheduler::take(const Turn& turn, std::unique_lock<std::mutex>& lock) {
  if (turn.runs) {
    execute(turn.slot, lock);
  } else if (prepare(turn.slot)) {
    judge(turn.slot, lock);
  }
}

/// Makes the job of a slot that is ready; false if the stage is not to be tried at all.
bool Scheduler::prepare(std::size_t slot) {
  const StageIndex stage = report_.stages[slot].stage;
  std::vector<StageIndex> pending;
  for (std::size_t before : needed(slot)) {
    const StageReport& up = report_.stages[before];
    if (is_broken(up.outcome)) {
      conclude(slot, skipped(stage, needs(up)), false);
      return false;
    }
    if (may_change_outs(setting_.graph.stage(stage), setting_.graph.stage(up.stage), up.outcome)) {
      pending.push_back(up.stage);
    }
  }
  if (refused_[slot].has_value()) {
    conclude(slot, failed(stage, *refused_[slot]), false);
    return false;
  }
  slots_[slot].job =
      std::make_unique<StageJob>(setting_, stage, std::move(pending),
                                 [this, slot](Status status) { on_recorded(slot, std::move(status)); });
  return true;
}

void Scheduler::judge(std::size_t slot, std::unique_lock<std::mutex>& lock) {
  StageJob& job = *slots_[slot].job;
  lock.unlock();
  const StageJob::Verdict verdict = job.judge();
  lock.lock();
  if (verdict == StageJob::Verdict::settled) {
    conclude(slot, job.report(), job.records());
    return;
  }
  slots_[slot].demand = demand_of(stage_of(slot));
  slots_[slot].judged_before = rounds_ + 1;
  waiting_.insert(slot);
}

void Scheduler::execute(std::size_t slot, std::unique_lock<std::mutex>& lock) {
  Slot& state = slots_[slot];
  StageJob& job = *state.job;
  const bool stale = state.judged_before != rounds_;  // what it needs may have changed since
  Attempt attempt{state.attempts + 1, watcher_, std::nullopt};
  lock.unlock();
  const bool runs = !stale || job.judge() == StageJob::Verdict::must_run;
  if (runs) {
    watcher_.started(stage_of(slot), attempt.number);
    job.run(attempt);
  }
  lock.lock();
  pool_.give_back(state.demand);
  if (runs) {
    state.attempts = attempt.number;
    state.end = attempt.end;
  }
  if (!try_again_later(slot)) {
    conclude(slot, job.report(), job.records());
  }
}

/// Puts a slot whose command has failed to rest, if it has tries left.
bool Scheduler::try_again_later(std::size_t slot) {
  Slot& state = slots_[slot];
  const Retries& retries = stage_of(slot).retries;
  const std::optional<Error>& error = state.job->report().error;
  const bool command_failed =
      error.has_value() && error->code() == Code::stage_failed && state.end.has_value() && !state.end->ok();
  if (!command_failed || state.attempts > retries.count || halted()) {
    return false;
  }
  const milliseconds rest = rest_after(retries, state.attempts);
  resting_.push({Clock::now() + rest, slot});
  state.told = false;
  watcher_.waiting(stage_of(slot), fmt::format("{} s after attempt {} of {}, which failed",
                                               std::chrono::duration<double>(rest).count(), state.attempts,
                                               retries.count + 1));
  return true;
}

/// Stages that ask for too much end a run before anything is begun.
void Scheduler::refuse_at_once() {
  std::lock_guard lock(mutex_);
  if (options_.keep_going) {
    return;  // each fails when it comes to its turn
  }
  for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
    if (refused_[slot].has_value()) {
      conclude(slot, failed(report_.stages[slot].stage, *refused_[slot]), false);
    }
  }
}

/// What became of a slot is known; if it `records`, not yet whether durably.
void Scheduler::conclude(std::size_t slot, StageReport report, bool records) {
  Slot& state = slots_[slot];
  if (report.error.has_value() && report.error->code() == Code::interrupted) {
    report_.interrupted = true;
  }
  report.attempts = state.attempts;
  report.end = state.end;
  report_.stages[slot] = std::move(report);
  state.final = true;
  --unfinal_;
  ++recording_;
  if (!records || state.recorded.has_value()) {
    settle(slot);
  }
  release_next(slot);
}

/// Called by the world.
void Scheduler::on_recorded(std::size_t slot, Status status) {
  std::lock_guard lock(mutex_);
  slots_[slot].recorded = std::move(status);
  if (slots_[slot].final) {
    settle(slot);
    changed_.notify_all();
  }
}

/// The last word on a slot.
void Scheduler::settle(std::size_t slot) {
  Slot& state = slots_[slot];
  StageReport& report = report_.stages[slot];
  if (state.recorded.has_value() && !state.recorded->ok()) {
    report.outcome = Outcome::failed;
    report.error = state.recorded->error();
  }
  const bool go_on = options_.keep_going || options_.dry_run;
  if (report.outcome == Outcome::failed && !go_on && !failed_.has_value()) {
    failed_ = slot;
  }
  ++context_.progress.items_done;
  watcher_.finished(graph_.stage(report.stage), report);
  --recording_;
}

void Scheduler::release_next(std::size_t slot) {
  for (StageIndex down : graph_.downstream(report_.stages[slot].stage)) {
    const std::size_t next = slot_of_[down];
    if (next != kNotSelected && !graph_.stage(down).frozen && --slots_[next].waits_for == 0) {
      ready_.push(next);
    }
  }
}

/// After all workers ended: what was not begun, or was to be tried again, and why it was not.
void Scheduler::give_up_the_rest() {
  for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
    if (slots_[slot].final) {
      continue;
    }
    report_.interrupted = report_.interrupted || context_.stop.load();
    StageReport& report = report_.stages[slot];
    if (slots_[slot].attempts > 0) {
      report = slots_[slot].job->report();
      report.attempts = slots_[slot].attempts;
      report.end = slots_[slot].end;
      watcher_.finished(stage_of(slot), report);
    } else {
      report = skipped(report.stage, why_not_started(slot));
    }
  }
}

std::string Scheduler::why_not_started(std::size_t slot) const {
  if (!failed_.has_value()) {
    return "interrupted";
  }
  for (std::size_t before : needed(slot)) {
    if (is_broken(report_.stages[before].outcome)) {
      return needs(report_.stages[before]);
    }
  }
  return fmt::format("{} failed before it was started",
                     quoted(graph_.address(report_.stages[*failed_].stage)));
}

std::string Scheduler::needs(const StageReport& up) const {
  return fmt::format("needs {}, which {}", quoted(graph_.address(up.stage)),
                     up.outcome == Outcome::failed ? "failed" : "was not run");
}

}  // namespace cairn::pipeline
