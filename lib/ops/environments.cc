// SPDX-License-Identifier: Apache-2.0
#include "ops/environments.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/escape.h"
#include "ops/pipelines.h"
#include "ops/revisions.h"
#include "os/path.h"
#include "store/reader.h"

namespace cairn::ops {
namespace {

using pipeline::Graph;
using pipeline::Stage;
using pipeline::StageIndex;
using text::Value;
using version::CapturedEnvironment;

constexpr std::uint64_t kLargestRecord = std::uint64_t{64} << 20;

/// Environments of one side, by address of the stage.
using Side = std::map<std::string, std::optional<store::Object>>;

std::vector<StageIndex> with_environment(const Graph& graph, std::vector<StageIndex> stages) {
  std::erase_if(stages, [&graph](StageIndex i) { return !graph.stage(i).environment.has_value(); });
  std::sort(stages.begin(), stages.end());
  return stages;
}

Result<std::vector<StageIndex>> select(const Graph& graph, const EnvironmentTargets& targets) {
  CAIRN_TRY_ASSIGN(auto stages,
                   pipeline::select_stages(graph, targets.stages, targets.folder, pipeline::Reach::single));
  if (targets.stages.empty()) {
    return with_environment(graph, std::move(stages));
  }
  std::sort(stages.begin(), stages.end());
  return stages;
}

Result<StageEnvironment> capture(const Graph& graph, StageIndex index, version::EnvironmentCapture& capture) {
  const Stage& stage = graph.stage(index);
  StageEnvironment out{graph.address(index), nullptr, std::nullopt};
  if (stage.environment) {
    auto captured = capture.capture(*stage.environment);
    if (captured.ok()) {
      out.captured = *captured;
    } else if (captured.error().code() == Code::interrupted) {
      return captured.error();
    } else {
      out.error = captured.error().with_context("environment of stage " + quoted(out.stage));
    }
  }
  return out;
}

/// Compares what is now with a record that may not be here.
void compare_now(EnvironmentComparison& out, const store::Object& known_object,
                 const std::optional<Value>& known, const CapturedEnvironment& now) {
  out.unchecked = now.unchecked;
  if (!known) {
    bool same = now.object == known_object;
    out.verdict = !now.unchecked.empty() ? EnvironmentVerdict::unchecked
                  : same                 ? EnvironmentVerdict::same
                                         : EnvironmentVerdict::differs;
    return;
  }
  CapturedEnvironment whole = version::complete_from(now, *known);
  out.changes = version::compare_environments(*known, whole.record);
  out.verdict = whole.object != known_object ? EnvironmentVerdict::differs
                : now.unchecked.empty()      ? EnvironmentVerdict::same
                                             : EnvironmentVerdict::unchecked;
}

/// Reads records once each.
class Records {
 public:
  explicit Records(project::Workspace& workspace) : workspace_(workspace) {}

  Result<const std::optional<Value>*> find(const store::Object& object) {
    auto known = known_.find(object.id);
    if (known == known_.end()) {
      CAIRN_TRY_ASSIGN(auto record, find_environment(workspace_, object));
      known = known_.emplace(object.id, std::move(record)).first;
    }
    return &known->second;
  }

 private:
  project::Workspace& workspace_;
  std::map<store::Id, std::optional<Value>> known_;
};

Status compare_with_now(EnvironmentComparison& out, const std::optional<store::Object>& known,
                        const StageEnvironment& now, Records& records) {
  if (now.error) {
    out.error = now.error;
    out.verdict = EnvironmentVerdict::unchecked;
    return {};
  }
  if (!known || now.captured == nullptr) {
    out.verdict =
        known || now.captured != nullptr ? EnvironmentVerdict::not_recorded : EnvironmentVerdict::same;
    return {};
  }
  CAIRN_TRY_ASSIGN(const auto* record, records.find(*known));
  compare_now(out, *known, *record, *now.captured);
  return {};
}

Status compare_locked(EnvironmentComparison& out, const std::optional<store::Object>& before,
                      const std::optional<store::Object>& after, Records& records) {
  if (!before || !after) {
    out.verdict = EnvironmentVerdict::not_recorded;
    return {};
  }
  if (*before == *after) {
    return {};
  }
  out.verdict = EnvironmentVerdict::differs;
  CAIRN_TRY_ASSIGN(const auto* was, records.find(*before));
  CAIRN_TRY_ASSIGN(const auto* now, records.find(*after));
  if (*was && *now) {
    out.changes = version::compare_environments(**was, **now);
  }
  return {};
}

/// Environments that the locks of a commit name.
Result<Side> side_at(project::Workspace& workspace, const std::string& revision) {
  Side side;
  CAIRN_TRY_ASSIGN(git::Repository * repository, workspace.git());
  CAIRN_TRY_ASSIGN(git::Oid commit, find_commit(workspace, revision));
  CAIRN_TRY_ASSIGN(auto files, repository->list_files(commit, {std::string(pipeline::kLockFile)}));
  std::string prefix = workspace.git_prefix();
  for (const git::TreeFile& file : files) {
    if (!os::is_within(file.path, prefix)) {
      continue;
    }
    std::string path = prefix.empty() ? file.path : file.path.substr(prefix.size() + 1);
    CAIRN_TRY_ASSIGN(Buffer text, repository->read_blob(file.blob));
    auto lock = pipeline::parse_lock(as_text(text), path);
    if (!lock.ok()) {
      return lock.error().with_context("at " + quoted(revision));
    }
    std::string pipeline_file = os::join(os::parent_of(path), pipeline::kPipelineFile);
    for (const pipeline::StageLock& block : lock->stages) {
      if (block.environment) {
        side[pipeline::stage_address(pipeline_file, block.name)] = block.environment;
      }
    }
  }
  return side;
}

/// The words of `env diff`, sorted out.
struct DiffWords {
  std::vector<std::string> revisions;
  std::vector<StageIndex> stages;
};

Result<DiffWords> sort_out(project::Workspace& workspace, const Graph& graph,
                           const EnvironmentTargets& words) {
  DiffWords out;
  for (const std::string& word : words.stages) {
    auto stages = pipeline::resolve_target(graph, word, words.folder);
    bool named = stages.ok() && stages->size() == 1 &&
                 (graph.stage(stages->front()).name == word || graph.address(stages->front()) == word);
    if (named) {
      out.stages.push_back(stages->front());
      continue;
    }
    auto commit = find_commit(workspace, word);
    if (!commit.ok() && commit.error().code() == Code::not_found) {
      return Error(Code::not_found, quoted(word) + " is neither a stage nor a revision", "cairn stage list");
    }
    CAIRN_TRY(std::move(commit));
    out.revisions.push_back(word);
  }
  return out;
}

bool is_wanted(const DiffWords& words, const Graph& graph, const std::string& address) {
  return words.stages.empty() || std::any_of(words.stages.begin(), words.stages.end(),
                                             [&](StageIndex i) { return graph.address(i) == address; });
}

Result<std::vector<EnvironmentComparison>> diff_revisions(project::Workspace& workspace, const Graph& graph,
                                                          const DiffWords& words) {
  CAIRN_TRY_ASSIGN(Side before, side_at(workspace, words.revisions[0]));
  CAIRN_TRY_ASSIGN(Side after, side_at(workspace, words.revisions[1]));
  std::set<std::string> stages;
  for (const Side* side : {&before, &after}) {
    for (const auto& entry : *side) {
      stages.insert(entry.first);
    }
  }
  Records records(workspace);
  std::vector<EnvironmentComparison> out;
  for (const std::string& stage : stages) {
    if (is_wanted(words, graph, stage)) {
      EnvironmentComparison& one = out.emplace_back();
      one.stage = stage;
      CAIRN_TRY(compare_locked(one, before[stage], after[stage], records));
    }
  }
  return out;
}

Result<std::vector<EnvironmentComparison>> diff_with_now(project::Workspace& workspace, const Graph& graph,
                                                         const DiffWords& words, const Context& context) {
  std::string revision = words.revisions.empty() ? "HEAD" : words.revisions.front();
  CAIRN_TRY_ASSIGN(Side before, side_at(workspace, revision));
  version::EnvironmentCapture capturing(workspace.paths().root, version::Executing::no, context.stop);
  Records records(workspace);
  std::vector<EnvironmentComparison> out;
  for (StageIndex i = 0; i < graph.size(); ++i) {
    const std::string& address = graph.address(i);
    if (!is_wanted(words, graph, address) || (!graph.stage(i).environment && !before.contains(address))) {
      continue;
    }
    CAIRN_TRY_ASSIGN(StageEnvironment now, capture(graph, i, capturing));
    EnvironmentComparison& one = out.emplace_back();
    one.stage = address;
    CAIRN_TRY(compare_with_now(one, before[address], now, records));
  }
  return out;
}

Result<std::vector<EnvironmentComparison>> diff_stages(project::Workspace& workspace, const Graph& graph,
                                                       const DiffWords& words, const Context& context) {
  version::EnvironmentCapture capturing(workspace.paths().root, version::Executing::no, context.stop);
  CAIRN_TRY_ASSIGN(StageEnvironment before, capture(graph, words.stages[0], capturing));
  CAIRN_TRY_ASSIGN(StageEnvironment after, capture(graph, words.stages[1], capturing));
  EnvironmentComparison out;
  out.stage = before.stage + " -> " + after.stage;
  out.error = before.error ? before.error : after.error;
  if (before.captured == nullptr || after.captured == nullptr) {
    out.verdict = out.error ? EnvironmentVerdict::unchecked : EnvironmentVerdict::not_recorded;
    return std::vector{std::move(out)};
  }
  out.unchecked = before.captured->unchecked;
  for (const std::string& one : after.captured->unchecked) {
    if (std::find(out.unchecked.begin(), out.unchecked.end(), one) == out.unchecked.end()) {
      out.unchecked.push_back(one);
    }
  }
  out.changes = version::compare_environments(before.captured->record, after.captured->record);
  out.verdict = !out.changes.empty()    ? EnvironmentVerdict::differs
                : out.unchecked.empty() ? EnvironmentVerdict::same
                                        : EnvironmentVerdict::unchecked;
  return std::vector{std::move(out)};
}

}  // namespace

Result<std::optional<Value>> find_environment(project::Workspace& workspace, const store::Object& object) {
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  if (!store->has(object)) {
    return std::optional<Value>();
  }
  store::Reader reader(*store);
  CAIRN_TRY_ASSIGN(Buffer bytes, reader.read_object(object.family, object.id, kLargestRecord));
  CAIRN_TRY_ASSIGN(Value record, version::parse_environment(as_text(bytes)));
  return std::optional(std::move(record));
}

Result<std::vector<StageEnvironment>> show_environments(project::Workspace& workspace,
                                                        const EnvironmentTargets& targets,
                                                        const Context& context) {
  CAIRN_TRY_ASSIGN(Graph graph, load_graph(workspace));
  CAIRN_TRY_ASSIGN(auto stages, select(graph, targets));
  version::EnvironmentCapture capturing(workspace.paths().root, version::Executing::no, context.stop);
  std::vector<StageEnvironment> out;
  for (StageIndex stage : stages) {
    CAIRN_TRY_ASSIGN(StageEnvironment one, capture(graph, stage, capturing));
    out.push_back(std::move(one));
  }
  return out;
}

Result<std::vector<EnvironmentComparison>> check_environments(project::Workspace& workspace,
                                                              const EnvironmentTargets& targets,
                                                              version::Executing executing,
                                                              const Context& context) {
  CAIRN_TRY_ASSIGN(Graph graph, load_graph(workspace));
  CAIRN_TRY_ASSIGN(auto stages, select(graph, targets));
  CAIRN_TRY_ASSIGN(Locks locks, Locks::load(workspace, graph));
  version::EnvironmentCapture capturing(workspace.paths().root, executing, context.stop);
  Records records(workspace);
  std::vector<EnvironmentComparison> out;
  for (StageIndex stage : stages) {
    CAIRN_TRY_ASSIGN(StageEnvironment now, capture(graph, stage, capturing));
    const pipeline::StageLock* block = locks.find(graph.stage(stage));
    EnvironmentComparison& one = out.emplace_back();
    one.stage = now.stage;
    CAIRN_TRY(compare_with_now(one, block != nullptr ? block->environment : std::nullopt, now, records));
  }
  return out;
}

Result<std::vector<EnvironmentComparison>> diff_environments(project::Workspace& workspace,
                                                             const EnvironmentTargets& words,
                                                             const Context& context) {
  CAIRN_TRY_ASSIGN(Graph graph, load_graph(workspace));
  CAIRN_TRY_ASSIGN(DiffWords sorted, sort_out(workspace, graph, words));
  if (sorted.revisions.empty() && sorted.stages.size() == 2) {
    return diff_stages(workspace, graph, sorted, context);
  }
  return sorted.revisions.size() == 2 ? diff_revisions(workspace, graph, sorted)
                                      : diff_with_now(workspace, graph, sorted, context);
}

}  // namespace cairn::ops
