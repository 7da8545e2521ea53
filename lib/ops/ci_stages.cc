// SPDX-License-Identifier: Apache-2.0
#include "ops/ci_stages.h"

#include <algorithm>

#include "base/escape.h"
#include "ops/counted_scan.h"
#include "ops/pipelines.h"
#include "ops/workspace_state.h"
#include "pipeline/change.h"
#include "project/tracked.h"

namespace cairn::ops {
namespace {

using pipeline::Change;
using pipeline::ChangeKind;
using pipeline::FoundPath;
using pipeline::Stage;
using pipeline::StageLock;
using report::CheckState;

using Recorded = std::map<std::string, pipeline::PathState, std::less<>>;

/// What pointers and blocks record of paths that Git does not track.
Result<Recorded> find_recorded(project::Workspace& workspace, const pipeline::Graph& graph,
                               const Locks& locks, WorkspaceState& state) {
  Recorded recorded;
  CAIRN_TRY_ASSIGN(const auto tracked, project::find_tracked(workspace, nullptr));
  for (const project::Tracked& one : tracked) {
    recorded[one.path] = {one.object, 0, one.executable};
  }
  for (std::size_t i = 0; i < graph.size(); ++i) {
    const StageLock* block = locks.find(graph.stage(i));
    for (const pipeline::LockedOut& out :
         block == nullptr ? std::vector<pipeline::LockedOut>() : block->outs) {
      if (out.state) {
        recorded[out.path] = *out.state;
      }
    }
  }
  CAIRN_TRY_ASSIGN(const pipeline::TrackedFiles* in_git, state.tracked_files());
  for (auto at = recorded.begin(); at != recorded.end();) {
    at = in_git->contains(at->first) ? recorded.erase(at) : std::next(at);
  }
  return recorded;
}

/// Not what belongs to the machine.
bool is_stale(const Change& change) {
  return change.kind != ChangeKind::always && change.kind != ChangeKind::track_env_modified;
}

bool is_of_out(const Change& change) {
  return change.kind == ChangeKind::out_missing || change.kind == ChangeKind::out_modified ||
         change.kind == ChangeKind::out_extra;
}

class StageCheck {
 public:
  StageCheck(project::Workspace& workspace, const pipeline::Graph& graph, const Locks& locks,
             WorkspaceState& state, const RecordedData& data, const Context& context)
      : workspace_(workspace), graph_(graph), locks_(locks), state_(state), data_(data), context_(context) {}

  Status check(pipeline::StageIndex index, report::Check& check) {
    const Stage& stage = graph_.stage(index);
    if (stage.frozen) {
      return {};
    }
    const StageLock* block = locks_.find(stage);
    if (block == nullptr) {
      note(stage, CheckState::failed,
           {Code::conflict, "stage " + quoted(stage.address()) + " was never run", "cairn repro"}, check);
      return {};
    }
    const auto inputs = find_inputs(index, *block);
    if (!inputs.ok() && inputs.error().code() == Code::interrupted) {
      return inputs.error();
    }
    if (!inputs.ok()) {
      note(stage, CheckState::unknown, inputs.error(), check);
      return {};
    }
    CAIRN_TRY_ASSIGN(const pipeline::TrackedFiles* in_git, state_.tracked_files());
    for (const Change& change : pipeline::explain(stage, block, *inputs)) {
      const bool is_data = is_of_out(change) && !in_git->contains(change.name);
      if (is_stale(change) && !is_data) {
        CAIRN_TRY(judge(stage, change, check));
      }
    }
    return {};
  }

 private:
  /// As if the recorded data were here.
  Result<pipeline::Inputs> find_inputs(pipeline::StageIndex index, const StageLock& block) {
    const Stage& stage = graph_.stage(index);
    for (const pipeline::Dep& dep : stage.deps) {
      if (!dep.glob) {
        CAIRN_TRY(assume(dep.path));
      }
    }
    CAIRN_TRY_ASSIGN(pipeline::Inputs inputs, state_.inputs(stage, &block));
    for (const pipeline::Dep& dep : stage.deps) {
      if (dep.glob) {
        CAIRN_TRY(add_matches(index, dep.path, inputs.deps));
      }
    }
    return inputs;
  }

  Status assume(const std::string& path) {
    CAIRN_TRY_ASSIGN(const auto recorded, data_.find(path));
    if (recorded) {
      state_.assume(path, *recorded);
    } else if (data_.is_inside(path)) {
      CAIRN_TRY_ASSIGN(auto scan, scan_counted(workspace_, path, context_));
      CAIRN_TRY(data_.add_inside(path, scan));
      CAIRN_TRY_ASSIGN(const project::Summary summary, project::summarize(*scan, nullptr));
      state_.assume(path, {summary.object, summary.files, summary.executable});
    }
    return {};
  }

  /// What the stage writes itself is none of its inputs.
  Status add_matches(pipeline::StageIndex index, const std::string& glob, std::vector<FoundPath>& deps) {
    CAIRN_TRY_ASSIGN(const std::vector<std::string> matches, data_.matches(glob));
    for (const std::string& path : matches) {
      if (graph_.maker_of(path) == index) {
        continue;
      }
      CAIRN_TRY(assume(path));
      CAIRN_TRY_ASSIGN(const auto found, state_.path(path));
      std::erase_if(
          deps, [&](const FoundPath& dep) { return dep.glob == glob && (dep.path == path || !dep.state); });
      deps.push_back({path, found, glob});
    }
    return {};
  }

  Status judge(const Stage& stage, const Change& change, report::Check& check) {
    const std::string what = "stage " + quoted(stage.address()) + " is not up to date: " + describe(change);
    const std::string file = change.name.substr(0, change.name.find(':'));
    if (change.kind == ChangeKind::param_missing) {
      CAIRN_TRY_ASSIGN(const auto recorded, data_.find(file));
      if (recorded) {
        note(stage, CheckState::unknown,
             {Code::not_found,
              "stage " + quoted(stage.address()) + " reads " + quoted(change.name) + ", which is not here",
              "cairn pull " + escaped(file)},
             check);
        return {};
      }
    }
    note(stage, CheckState::failed, {Code::conflict, what, "cairn repro"}, check);
    return {};
  }

  static void note(const Stage& stage, CheckState state, Error error, report::Check& check) {
    check.problems.push_back({state, stage.file, stage.at.line, std::move(error)});
  }

  project::Workspace& workspace_;
  const pipeline::Graph& graph_;
  const Locks& locks_;
  WorkspaceState& state_;
  const RecordedData& data_;
  const Context& context_;
};

}  // namespace

Result<report::Check> check_stages(project::Workspace& workspace, const pipeline::Graph& graph,
                                   KnownTrees trees, const Context& context) {
  report::Check check{
      "stages", std::to_string(graph.size()) + (graph.size() == 1 ? " stage" : " stages"), {}};
  if (graph.size() == 0) {
    return check;
  }
  CAIRN_TRY_ASSIGN(const Locks locks, Locks::load(workspace, graph));
  WorkspaceState state(workspace, context);
  CAIRN_TRY_ASSIGN(Recorded recorded, find_recorded(workspace, graph, locks, state));
  const RecordedData data(std::move(recorded), std::move(trees));
  StageCheck stages(workspace, graph, locks, state, data, context);
  for (const pipeline::StageIndex index : graph.order()) {
    CAIRN_TRY(context.check_stop());
    CAIRN_TRY(stages.check(index, check));
  }
  return check;
}

}  // namespace cairn::ops
