// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stage_job.h"

#include <algorithm>

#include "git/glob.h"
#include "pipeline/key.h"
#include "pipeline/resource_pool.h"

namespace cairn::pipeline {
namespace {

Change note(ChangeKind kind, std::string name) {
  Change change;
  change.kind = kind;
  change.name = std::move(name);
  return change;
}

const LockedOut& declared_as(const std::vector<LockedOut>& wanted, const LockedOut& made) {
  const auto at = std::find_if(wanted.begin(), wanted.end(), [&made](const LockedOut& out) {
    return out.declared() == made.declared() && out.glob.empty() == made.glob.empty();
  });
  CAIRN_CHECK(at != wanted.end());  // World returns outs of the stage
  return *at;
}

/// What was made, with the flags that cairn.yaml gives it now.
std::vector<LockedOut> with_flags(const std::vector<LockedOut>& wanted, std::vector<LockedOut> made) {
  for (LockedOut& out : made) {
    const LockedOut& declared = declared_as(wanted, out);
    out.cached = declared.cached;
    out.kind = declared.kind;
    out.push = declared.push;
    out.remote = declared.remote;
  }
  return made;
}

}  // namespace

StageJob::StageJob(const JobSetting& setting, StageIndex index, std::vector<StageIndex> pending,
                   Recorded recorded)
    : setting_(setting),
      options_(setting.options),
      world_(setting.world),
      index_(index),
      stage_(setting.graph.stage(index)),
      pending_(std::move(pending)),
      recorded_(std::move(recorded)) {}

StageJob::Verdict StageJob::judge() {
  report_ = StageReport();
  runnable_ = Status();
  report_.stage = index_;
  Result<Verdict> verdict = try_judge();
  if (!verdict.ok()) {
    fail(std::move(verdict.error()));
    return Verdict::settled;
  }
  return *verdict;
}

void StageJob::run(Attempt& attempt) {
  auto outs = world_.run(stage_, wanted_, key_, attempt);
  while (attempt.overtaken) {
    attempt.overtaken = false;
    if (judge() == Verdict::settled) {
      return;
    }
    outs = world_.run(stage_, wanted_, key_, attempt);
  }
  if (!outs.ok()) {
    return fail(std::move(outs.error()));
  }
  finish(std::move(wanted_), *outs, Outcome::ran);
}

void StageJob::fail(Error error) {
  const bool stopped = error.code() == Code::interrupted;
  report_.outcome = stopped ? Outcome::skipped : Outcome::failed;
  report_.reason = stopped ? "interrupted" : "";
  report_.error = std::move(error);
}

Result<StageJob::Verdict> StageJob::try_judge() {
  CAIRN_TRY_ASSIGN(Inspection found, world_.inspect(stage_));
  if (options_.dry_run) {
    found.inputs = assume_made(found);
  }
  if (options_.allow_missing) {
    runnable_ = check_inputs(stage_, found.inputs);
    found.inputs = assume_recorded(stage_, found.block.get(), std::move(found.inputs));
  }
  report_.changes = explain(stage_, found.block.get(), found.inputs);
  if (options_.force && !stage_.frozen) {
    report_.changes.insert(report_.changes.begin(), note(ChangeKind::forced, ""));
  }
  if (options_.dry_run) {
    CAIRN_TRY(plan(found));
    return Verdict::settled;
  }
  return bring_up_to_date(found);
}

Result<StageJob::Verdict> StageJob::bring_up_to_date(const Inspection& found) {
  if (report_.changes.empty()) {
    report_.outcome = Outcome::up_to_date;
    record_flags(*found.block);
    return Verdict::settled;
  }
  if (stage_.frozen) {
    CAIRN_TRY(adopt(found));
    return Verdict::settled;
  }
  return restore_or_run(found);
}

/// Which outs are metrics or are pushed is no reason to run, but the lock says what cairn.yaml says.
void StageJob::record_flags(const StageLock& block) {
  StageLock updated = block;
  updated.outs = with_flags(make_block(stage_, {}).outs, block.outs);
  if (updated != block) {
    record(updated);
  }
}

/// Outs of a frozen stage: what is gone comes back from its block, what is there is recorded as it is.
Status StageJob::adopt(const Inspection& found) {
  const StageLock* block = found.block.get();
  const auto is_missing = [](const Change& change) { return change.kind == ChangeKind::out_missing; };
  if (block != nullptr && std::all_of(report_.changes.begin(), report_.changes.end(), is_missing)) {
    CAIRN_TRY_ASSIGN(const auto outs, world_.restore(stage_, *block, stage_key(*block, stage_.folder())));
    if (outs.has_value()) {
      report_.outcome = Outcome::restored;
      return {};
    }
  }
  StageLock wanted = make_block(stage_, found.inputs);
  if (block != nullptr) {
    // Its inputs were not looked at: what is recorded of them stays.
    StageLock kept = *block;
    kept.outs = std::move(wanted.outs);
    wanted = std::move(kept);
  } else {
    CAIRN_TRY(check_inputs(stage_, found.inputs));
  }
  CAIRN_TRY_ASSIGN(const std::vector<LockedOut> outs, world_.adopt(stage_, wanted));
  finish(std::move(wanted), outs, Outcome::adopted);
  return {};
}

Result<StageJob::Verdict> StageJob::restore_or_run(const Inspection& found) {
  CAIRN_TRY(check_inputs(stage_, found.inputs));
  wanted_ = make_block(stage_, found.inputs);
  key_ = stage_key(wanted_, stage_.folder());
  if (may_restore()) {
    CAIRN_TRY_ASSIGN(const auto outs, world_.restore(stage_, wanted_, key_));
    if (outs.has_value()) {
      finish(std::move(wanted_), *outs, Outcome::restored);
      return Verdict::settled;
    }
  }
  CAIRN_TRY(runnable_);
  if (options_.limits.has_value()) {
    CAIRN_TRY(check_fits(stage_, *options_.limits));
  }
  return Verdict::must_run;
}

bool StageJob::may_restore() const {
  return stage_.restorable() && options_.use_run_cache && !options_.force;
}

void StageJob::finish(StageLock wanted, const std::vector<LockedOut>& outs, Outcome outcome) {
  wanted.outs = with_flags(wanted.outs, outs);
  report_.outcome = outcome;
  record(wanted);
}

void StageJob::record(const StageLock& block) {
  records_ = true;
  world_.record(stage_, block, recorded_);
}

Status StageJob::plan(const Inspection& found) {
  CAIRN_TRY_ASSIGN(report_.outcome, planned_outcome(found));
  const bool may_run = report_.outcome == Outcome::would_run || report_.outcome == Outcome::might_run;
  if (may_run && options_.limits.has_value()) {
    CAIRN_TRY(check_fits(stage_, *options_.limits));
  }
  for (StageIndex up : pending_) {
    report_.changes.push_back(note(ChangeKind::upstream, setting_.graph.address(up)));
  }
  return {};
}

Result<Outcome> StageJob::planned_outcome(const Inspection& found) {
  if (report_.changes.empty()) {
    return pending_.empty() ? Outcome::up_to_date : Outcome::might_run;
  }
  if (stage_.frozen) {
    return Outcome::would_adopt;
  }
  CAIRN_TRY(check_inputs(stage_, found.inputs));
  if (pending_.empty() && may_restore()) {
    const StageLock wanted = make_block(stage_, found.inputs);
    CAIRN_TRY_ASSIGN(const bool at_hand,
                     world_.can_restore(stage_, wanted, stage_key(wanted, stage_.folder())));
    if (at_hand) {
      return Outcome::would_restore;
    }
  }
  CAIRN_TRY(runnable_);
  return Outcome::would_run;
}

bool StageJob::awaits(const PathPattern& read) const {
  return std::any_of(pending_.begin(), pending_.end(), [this, &read](StageIndex up) {
    const std::vector<Out>& outs = setting_.graph.stage(up).outs;
    return std::any_of(outs.begin(), outs.end(), [&read](const Out& out) {
      return read.can_touch(out.glob ? PathPattern::glob(out.path) : PathPattern::path(out.path));
    });
  });
}

/// The inputs as if what is missing, but made by a stage that would run before, were there as it was
/// recorded.
Inputs StageJob::assume_made(const Inspection& found) const {
  const StageLock* block = found.block.get();
  Inputs inputs = found.inputs;
  if (pending_.empty()) {
    return inputs;
  }
  const auto made_before = [this](const Dep& dep) {
    return awaits(dep.glob ? PathPattern::glob(dep.path) : PathPattern::path(dep.path));
  };
  if (block != nullptr) {
    assume_recorded_deps(stage_, *block, made_before, inputs.deps);
  }
  for (FoundPath& dep : inputs.deps) {
    const bool glob = !dep.glob.empty();
    if (!dep.state.has_value() && awaits(glob ? PathPattern::glob(dep.glob) : PathPattern::path(dep.path))) {
      dep.state = PathState();
    }
  }
  std::vector<FoundParam> params;
  for (FoundParam& param : inputs.params) {
    if (param.value.has_value() || !awaits(PathPattern::path(param.file))) {
      params.push_back(std::move(param));
      continue;
    }
    // An empty key stands for the whole file, a pattern for what it matched.
    const std::optional<git::Glob> pattern = git::Glob::compile(param.key);
    bool known = false;
    for (const LockedParam& locked : block == nullptr ? std::vector<LockedParam>() : block->params) {
      if (locked.file == param.file && (param.key.empty() || locked.key == param.key ||
                                        (pattern.has_value() && pattern->matches(locked.key)))) {
        params.push_back({locked.file, locked.key, locked.value});
        known = true;
      }
    }
    if (!known) {
      params.push_back({param.file, param.key, text::Value::null()});
    }
  }
  inputs.params = std::move(params);
  return inputs;
}

}  // namespace cairn::pipeline
