// SPDX-License-Identifier: Apache-2.0
#include "ops/version_run.h"

#include <algorithm>
#include <map>

#include "base/escape.h"
#include "ops/experiment_save.h"
#include "ops/param_edits.h"
#include "ops/values.h"
#include "ops/version_checks.h"
#include "ops/version_manifest.h"
#include "ops/work_data.h"
#include "ops/work_tree.h"
#include "os/path.h"
#include "project/pointer.h"
#include "project/root_files.h"
#include "version/version_refs.h"

namespace cairn::ops {
namespace {

/// Recorded states of paths, by path.
using States = std::map<std::string, store::Object>;

/// Outs and deps that the locks of a work tree name for these stages.
struct LockedStates {
  States outs;
  States deps;
};

Result<LockedStates> locked_states(project::Workspace& tree, const pipeline::Graph& graph,
                                   const std::vector<pipeline::StageIndex>& stages) {
  LockedStates states;
  CAIRN_TRY_ASSIGN(Locks locks, Locks::load(tree, graph));
  for (pipeline::StageIndex index : stages) {
    const pipeline::StageLock* block = locks.find(graph.stage(index));
    if (block == nullptr) {
      continue;
    }
    for (const pipeline::LockedPath& dep : block->deps) {
      states.deps.emplace(dep.path, dep.state.object);
    }
    for (const pipeline::LockedOut& out : block->outs) {
      if (out.state) {
        states.outs.emplace(out.path, out.state->object);
      }
    }
  }
  return states;
}

std::optional<store::Object> find(const States& states, const std::string& path) {
  auto found = states.find(path);
  return found == states.end() ? std::nullopt : std::optional(found->second);
}

class Run {
 public:
  Run(project::Workspace& workspace, const VersionRunOptions& options, Context& context)
      : workspace_(workspace), options_(options), context_(context) {}

  Result<VersionRunReport> run() {
    CAIRN_TRY_ASSIGN(std::vector<pipeline::Override> values, single_values());
    CAIRN_TRY(check_name());
    CAIRN_TRY_ASSIGN(auto area, WorkArea::make(workspace_));
    CAIRN_TRY_ASSIGN(WorkBase base, start(*area));
    CAIRN_TRY_ASSIGN(WorkTree tree, WorkTree::make(workspace_, *area, base, {"run", "", ""}, context_.stop));
    Status ran = run_in(tree, base, values);
    Status removed = tree.remove();
    if (!ran.ok() && !(ran.error().code() == Code::interrupted && context_.stop)) {
      return ran.error();
    }
    report_.repro.stages.interrupted = report_.repro.stages.interrupted || !ran.ok();
    CAIRN_TRY(std::move(removed));
    if (report_.saved) {
      compare_values();
    }
    return std::move(report_);
  }

 private:
  Result<std::vector<pipeline::Override>> single_values() {
    CAIRN_TRY_ASSIGN(auto combinations, pipeline::all_combinations(options_.set));
    if (combinations.size() != 1) {
      return Error(Code::usage, "several values of a parameter are a sweep, and this is one run",
                   "cairn exp run -S KEY=A,B");
    }
    return std::move(combinations.front());
  }

  Status check_name() {
    if (options_.save_as.empty()) {
      return {};
    }
    CAIRN_TRY(version::check_version_name(options_.save_as));
    CAIRN_TRY_ASSIGN(auto taken, version::find_local_version(workspace_, options_.save_as));
    if (taken) {
      return Error(Code::exists, "there is a version " + quoted(options_.save_as),
                   "choose another name: cairn pipeline list");
    }
    return {};
  }

  Result<WorkBase> start(const WorkArea& area) {
    if (options_.version.empty()) {
      CAIRN_TRY_ASSIGN(WorkBase base, base_of_workspace(workspace_, area, Copies::one, context_.stop));
      report_.base = base.head.hex();
      return base;
    }
    CAIRN_TRY_ASSIGN(version::Version version, version::find_version(workspace_, options_.version));
    report_.version = version.name;
    report_.base = version.commit.hex();
    commit_ = version.commit;
    return base_of_commit(workspace_, area, version.commit);
  }

  /// With other data and params in `tree`, brings its stages up to date, and saves what came of it.
  Status run_in(WorkTree& tree, const WorkBase& base, const std::vector<pipeline::Override>& values) {
    project::Workspace& workspace = tree.workspace();
    CAIRN_TRY_ASSIGN(pipeline::Graph graph, load_graph(workspace));
    CAIRN_TRY_ASSIGN(auto stages, pipeline::select_stages(graph, options_.stages, options_.folder.project,
                                                          pipeline::Reach::upstream));
    CAIRN_TRY_ASSIGN(auto inputs, pipeline_inputs(workspace, graph, stages));
    CAIRN_TRY_ASSIGN(auto choices, choose_inputs(inputs, options_.data, options_.folder));
    CAIRN_TRY_ASSIGN(ParamEdits edits,
                     edit_params(values, options_.folder.project,
                                 [&](const std::string& file) { return params_text(workspace, file); }));
    CAIRN_TRY_ASSIGN(LockedStates before, locked_states(workspace, graph, stages));
    CAIRN_TRY_ASSIGN(auto objects, put_inputs(workspace, choices, context_));
    CAIRN_TRY(write_params(workspace, edits));
    if (!options_.version.empty()) {
      CAIRN_TRY_ASSIGN(report_.environments,
                       build_environments(workspace, workspace_, graph, stages, context_));
    }
    CAIRN_TRY(place_needed_data(workspace, workspace_, graph, stages, MissingData::fetch, context_));
    CAIRN_TRY(run_stages(workspace));
    CAIRN_TRY_ASSIGN(LockedStates after, locked_states(workspace, graph, stages));
    compare_paths(choices, objects, before, after);
    if (!report_.repro.stages.interrupted) {
      CAIRN_TRY(save(tree, base, edits, choices));
      CAIRN_TRY(name_it(tree));
    }
    return {};
  }

  static Result<std::string> params_text(const project::Workspace& tree, const std::string& file) {
    CAIRN_TRY_ASSIGN(auto text, project::find_text(tree.files(), file));
    if (!text) {
      return Error(Code::usage, "Git has no params file " + quoted(file) + " in what is run",
                   "cairn params show");
    }
    return std::move(*text);
  }

  Status run_stages(project::Workspace& workspace) {
    ReproOptions repro_options;
    repro_options.targets = options_.stages;
    repro_options.folder = options_.folder.project;
    repro_options.schedule.jobs = context_.jobs;
    repro_options.schedule.watcher = options_.watcher;
    CAIRN_TRY_ASSIGN(report_.repro, repro(workspace, repro_options, context_));
    report_.repro.stages.interrupted = report_.repro.stages.interrupted || context_.stop;
    for (const pipeline::StageReport& stage : report_.repro.stages.stages) {
      if (stage.error) {
        report_.errors.push_back(*stage.error);
      }
    }
    return {};
  }

  void compare_paths(const std::vector<InputChoice>& choices,
                     const std::vector<std::optional<store::Object>>& objects, const LockedStates& before,
                     const LockedStates& after) {
    for (std::size_t i = 0; i < choices.size(); ++i) {
      const PipelineInput& input = choices[i].input;
      report_.inputs.push_back({input.path, input.object ? input.object : find(before.deps, input.path),
                                objects[i] ? objects[i] : find(after.deps, input.path), choices[i].written});
    }
    States paths = before.outs;
    paths.insert(after.outs.begin(), after.outs.end());
    for (const auto& [path, object] : paths) {
      PathComparison out{path, find(before.outs, path), find(after.outs, path), ""};
      if (out.before != out.after) {
        report_.outs.push_back(std::move(out));
      }
    }
  }

  Status save(const WorkTree& tree, const WorkBase& base, const ParamEdits& edits,
              const std::vector<InputChoice>& choices) {
    std::vector<std::string> added;
    for (const InputChoice& choice : choices) {
      const std::string& path = choice.input.path;
      if (choice.input.keeper == InputKeeper::git) {
        added.push_back(path);
      } else {
        added.push_back(project::pointer_path(path));
        added.push_back(os::join(os::parent_of(path), ".gitignore"));
      }
    }
    CAIRN_TRY_ASSIGN(auto taken, taken_experiment_names(workspace_));
    const ExperimentStatus status =
        report_.errors.empty() ? ExperimentStatus::done : ExperimentStatus::failed;
    Experiment experiment{
        random_experiment_name(taken), base.head, base.head, status, 0, title(choices), edits.set, base.tree};
    CAIRN_TRY_ASSIGN(report_.saved, save_experiment(tree, base, report_.repro, std::move(experiment), added));
    return {};
  }

  [[nodiscard]] std::string title(const std::vector<InputChoice>& choices) const {
    if (!options_.message.empty()) {
      return options_.message;
    }
    std::string text = "run of " + (report_.version.empty() ? "the workspace" : report_.version);
    for (std::size_t i = 0; i < choices.size(); ++i) {
      text += (i == 0 ? " with other " : ", ") + escaped(choices[i].input.path);
    }
    return text;
  }

  /// Params and metrics of what it started from and of what it came to.
  void compare_values() {
    ValueReader reader(workspace_);
    ChosenRevision base{"workspace", std::nullopt};
    if (commit_) {
      base = {report_.version, commit_};
    }
    for (ValueKind kind : {ValueKind::params, ValueKind::metrics}) {
      ValueRequest request;
      request.kind = kind;
      auto before = reader.read(base, request);
      auto after = reader.read({report_.saved->name, report_.saved->commit}, request);
      for (const auto* values : {&before, &after}) {
        if (!values->ok()) {
          report_.errors.push_back(values->error());
          return;
        }
      }
      auto diffs = report::compare(before->documents, after->documents, report::Unchanged::hide);
      (kind == ValueKind::params ? report_.params : report_.metrics) = std::move(diffs);
    }
  }

  /// Makes the kept commit a version. One that failed gets no name.
  Status name_it(WorkTree& tree) {
    if (options_.save_as.empty() || !report_.saved || !report_.errors.empty()) {
      return {};
    }
    CAIRN_TRY(tree.move_head(report_.saved->commit));
    CAIRN_TRY_ASSIGN(StatesReport states, stage_states(tree.workspace(), {}, "", context_));
    CAIRN_TRY_ASSIGN(report_.errors, find_obstacles(tree.workspace(), states, RemoteCheck::no, context_));
    if (!report_.errors.empty()) {
      return {};
    }
    CAIRN_TRY_ASSIGN(version::Manifest manifest, make_manifest(tree.workspace(), states.graph));
    manifest.name = options_.save_as;
    manifest.message = options_.message;
    CAIRN_TRY(version::write_version(workspace_, manifest));
    report_.saved_as = manifest.name;
    return {};
  }

  project::Workspace& workspace_;
  const VersionRunOptions& options_;
  Context& context_;
  std::optional<git::Oid> commit_;  // of the version that was named
  VersionRunReport report_;
};

}  // namespace

Result<VersionRunReport> run_version(project::Workspace& workspace, const VersionRunOptions& options,
                                     Context& context) {
  return Run(workspace, options, context).run();
}

}  // namespace cairn::ops
