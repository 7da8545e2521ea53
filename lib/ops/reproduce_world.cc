// SPDX-License-Identifier: Apache-2.0
#include "ops/reproduce_world.h"

#include <algorithm>
#include <chrono>
#include <deque>

#include "base/escape.h"
#include "ops/stage_outs.h"
#include "os/path.h"
#include "pipeline/key.h"
#include "runner/name_watch.h"
#include "version/run_compare.h"

namespace cairn::ops {
namespace {

using pipeline::ChangeKind;
using pipeline::LockedOut;
using pipeline::Stage;
using pipeline::StageLock;

constexpr std::size_t kLastLines = 10;

/// Hands lines on and remembers the last ones.
class LastLines : public pipeline::Watcher {
 public:
  explicit LastLines(pipeline::Watcher& next) : next_(next) {}

  void line(const Stage& stage, std::string_view text, pipeline::LineState state) override {
    next_.line(stage, text, state);
    if (state == pipeline::LineState::whole) {
      lines_.emplace_back(text);
      if (lines_.size() > kLastLines) {
        lines_.pop_front();
      }
    }
  }
  [[nodiscard]] std::vector<std::string> take() { return {lines_.begin(), lines_.end()}; }

 private:
  pipeline::Watcher& next_;
  std::deque<std::string> lines_;
};

bool same_content(const std::vector<LockedOut>& a, const std::vector<LockedOut>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const LockedOut& one, const LockedOut& other) {
    return one.path == other.path && one.state == other.state;
  });
}

/// Its command failed, or what it runs in is not here: the stages after it may be judged all the same.
bool is_of_stage(const Error& error) {
  return error.code() == Code::stage_failed || error.code() == Code::not_found ||
         error.code() == Code::unsupported;
}

/// The stage with those of its outs alone that the run cache does not keep.
Stage with_unstored_outs(Stage stage) {
  std::erase_if(stage.outs, [](const pipeline::Out& out) { return out.cached; });
  return stage;
}

}  // namespace

std::vector<pipeline::Change> other_inputs(const StageLock& block, const StageLock& wanted) {
  std::vector<pipeline::Change> changes = version::compare_inputs(block, wanted);
  std::erase_if(changes, [](const pipeline::Change& change) {
    return change.kind == ChangeKind::environment || change.kind == ChangeKind::track_env_added ||
           change.kind == ChangeKind::track_env_removed || change.kind == ChangeKind::track_env_modified;
  });
  return changes;
}

Result<pipeline::Inspection> ReproduceWorld::inspect(const Stage& stage) {
  return inner_.inspect(stage);
}

Result<std::optional<std::vector<LockedOut>>> ReproduceWorld::restore(const Stage& stage,
                                                                      const StageLock& wanted,
                                                                      const store::Id& key) {
  return inner_.restore(stage, wanted, key);
}

Result<bool> ReproduceWorld::can_restore(const Stage& stage, const StageLock& wanted, const store::Id& key) {
  return inner_.can_restore(stage, wanted, key);
}

Result<std::vector<LockedOut>> ReproduceWorld::adopt(const Stage& stage, const StageLock& /*wanted*/) {
  return Error(Code::not_found, "the recorded outputs of the frozen stage " + quoted(stage.address()) +
                                    " are neither in the store nor on a remote");
}

const StageLock* ReproduceWorld::recorded(const Stage& stage, const StageLock& wanted) const {
  const StageLock* block = recorded_.find(stage);
  return block == nullptr || (trust_ == Trust::fresh && !other_inputs(*block, wanted).empty()) ? nullptr
                                                                                               : block;
}

Result<std::vector<LockedOut>> ReproduceWorld::run(const Stage& stage, const StageLock& wanted,
                                                   const store::Id& key, pipeline::Attempt& attempt) {
  LastLines lines(attempt.watcher);
  pipeline::Attempt inner{attempt.number, lines, std::nullopt};
  std::string folder;
  CAIRN_TRY(inner_.with_workspace([&](const project::Workspace& workspace) -> Status {
    folder = os::join(workspace.paths().root, stage.wdir);
    return {};
  }));
  CAIRN_TRY_ASSIGN(runner::NameWatch names,
                   runner::NameWatch::begin({runner::temporary_folder(), std::move(folder)}));
  const auto begun = std::chrono::steady_clock::now();
  auto made = inner_.run(stage, wanted, key, inner);
  attempt.end = inner.end;
  attempt.overtaken = inner.overtaken;
  const bool comes_again = inner.end && !inner.end->ok() && attempt.number <= stage.retries.count;
  if (inner.overtaken || (!made.ok() && (!is_of_stage(made.error()) || comes_again))) {
    return made;
  }
  StageRun run;
  run.temporary = names.finish();
  run.wall_us =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun).count();
  if (made.ok()) {
    run.outs = *made;
  } else {
    run.failure = made.error();
    run.last_lines = lines.take();
  }
  const StageLock* block = recorded(stage, wanted);
  run.comparable = block != nullptr;
  if (block != nullptr && !(made.ok() && same_content(block->outs, *made))) {
    CAIRN_TRY(made.ok() ? store_uncached(stage) : Status());
    CAIRN_TRY_ASSIGN(const bool placed, place_recorded(stage, *block));
    made = placed ? Result<std::vector<LockedOut>>(block->outs) : std::move(made);
  }
  std::lock_guard lock(mutex_);
  runs_.insert_or_assign(stage.address(), std::move(run));
  return made;
}

/// False where the content is nowhere.
Result<bool> ReproduceWorld::place_recorded(const Stage& stage, const StageLock& block) {
  CAIRN_TRY_ASSIGN(const auto placed,
                   inner_.restore(stage, block, pipeline::stage_key(block, stage.folder())));
  return placed.has_value();
}

Status ReproduceWorld::store_uncached(const Stage& stage) {
  const Stage uncached = with_unstored_outs(stage);
  if (uncached.outs.empty()) {
    return {};
  }
  return inner_.with_workspace([&](project::Workspace& workspace) -> Status {
    CAIRN_TRY_ASSIGN(store::Writer writer, workspace.open_writer(context_));
    CAIRN_TRY(read_outs(workspace, uncached, writer, context_));
    return writer.commit();
  });
}

void ReproduceWorld::record(const Stage& stage, const StageLock& block, pipeline::Recorded done) {
  StageLock made = block;
  {
    std::lock_guard lock(mutex_);
    const auto run = runs_.find(stage.address());
    if (run != runs_.end() && run->second.failure) {
      return done({});  // the failure is recorded
    }
    if (run != runs_.end()) {
      made.outs = run->second.outs;
    }
  }
  inner_.record(stage, made, std::move(done));
}

}  // namespace cairn::ops
