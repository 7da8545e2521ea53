// SPDX-License-Identifier: Apache-2.0
#include "ops/repro_world.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "ops/stage_outs.h"
#include "pipeline/glob_overlap.h"

namespace cairn::ops {
namespace {

using pipeline::LockedOut;
using pipeline::Stage;
using pipeline::StageLock;

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

Result<std::optional<std::vector<LockedOut>>> ReproWorld::find_result(const Stage& stage,
                                                                      const store::Id& key) {
  return results_.find(stage, key,
                       options_.use_run_cache ? RunResults::RunCache::yes : RunResults::RunCache::no);
}

Result<std::optional<std::vector<LockedOut>>> ReproWorld::restore(const Stage& stage,
                                                                  const StageLock& /*wanted*/,
                                                                  const store::Id& key) {
  const Busy busy(recorder_);
  std::lock_guard lock(mutex_);
  CAIRN_TRY_ASSIGN(auto found, find_result(stage, key));
  if (!found) {
    return found;
  }
  CAIRN_TRY(check_not_in_git(stage));
  CAIRN_TRY_ASSIGN(os::FileLock project_lock, wait_for_project(workspace_, context_));
  Status placed = place_outs(workspace_, *found, recorder_, context_);
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
  for (const LockedOut& out : found.value_or(std::vector<LockedOut>())) {
    if (out.state) {
      state_.assume(out.path, *out.state);
    }
  }
  return found.has_value();
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

/// Warns where the same inputs gave other outputs before.
Result<version::EncodedRun> ReproWorld::encode(const Stage& stage, version::RunRecord run,
                                               const StageLock& block) {
  run.block = block;
  const bool reusable = options_.keep == Keep::results && stage.restorable();
  version::EncodedRun encoded = version::encode_run(run, reusable ? version::Reuse::yes : version::Reuse::no);
  if (!stage.deterministic || !encoded.reusable) {
    return encoded;
  }
  CAIRN_TRY_ASSIGN(const auto other, results_.find_other(encoded));
  if (other) {
    CAIRN_TRY_ASSIGN(const std::string text, results_.describe_other(*other, run, encoded.id));
    context_.log.warn(text);
  }
  return encoded;
}

Result<std::vector<LockedOut>> ReproWorld::adopt(const Stage& stage, const StageLock& wanted) {
  (void)wanted;  // a frozen stage's inputs do not matter
  const Busy busy(recorder_);
  std::lock_guard lock(mutex_);
  CAIRN_TRY(check_not_in_git(stage));
  adopted_.insert(stage.address());
  return store_outs(workspace_, stage, recorder_, context_);
}

void ReproWorld::record(const Stage& stage, const StageLock& block, pipeline::Recorded done) {
  Finished finished;
  finished.done = std::move(done);
  std::unique_lock lock(mutex_);
  Status prepared = options_.keep == Keep::results ? release_former(stage, block) : Status();
  if (prepared.ok()) {
    prepared = environments_.store(stage);
  }
  if (!prepared.ok()) {
    lock.unlock();
    finished.done(std::move(prepared));
    return;
  }
  if (options_.keep == Keep::results) {
    locks_.put(stage, block);
  }
  if (auto ended = ended_.find(stage.address()); ended != ended_.end()) {
    finished.claim = std::move(ended->second.claim);
    auto encoded = encode(stage, std::move(ended->second.run), block);
    ended_.erase(ended);
    if (!encoded.ok()) {
      lock.unlock();
      finished.done(encoded.error());
      return;
    }
    finished.run = std::move(*encoded);
  }
  // What the journal cannot bring back has to be in the lock.
  const bool journalled = finished.run ? finished.run->reusable : !adopted_.contains(stage.address());
  finished.lock = journalled ? LockWrite::soon : LockWrite::now;
  recorder_.add(std::move(finished));
}

/// What was taken out of the stage's outs is Git's and the user's again.
Status ReproWorld::release_former(const Stage& stage, const StageLock& block) {
  const StageLock* former = locks_.find(stage);
  std::vector<std::string> paths =
      former == nullptr ? std::vector<std::string>() : outs_to_release(*former, &block);
  std::erase_if(paths, [&](const std::string& path) { return locks_.is_out_of_another(path, stage); });
  return let_go(workspace_, paths, recorder_);
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

Status ReproWorld::with_workspace(const std::function<Status(project::Workspace&)>& use) {
  std::lock_guard lock(mutex_);
  return use(workspace_);
}

void ReproWorld::forget_inputs(const Stage& stage, const StageLock& wanted) {
  for (const pipeline::Dep& dep : stage.deps) {
    state_.forget(dep);
  }
  for (const pipeline::LockedPath& code : wanted.code) {
    state_.forget(code.path);
  }
  for (const pipeline::ParamFile& file : stage.params) {
    state_.forget(file.file);
  }
}

void ReproWorld::forget_outs(const Stage& stage) {
  for (const pipeline::Out& out : stage.outs) {
    state_.forget(out);
  }
}

Status ReproWorld::finish() {
  return recorder_.finish();
}

}  // namespace cairn::ops
