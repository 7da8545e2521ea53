// SPDX-License-Identifier: Apache-2.0
#include "ops/experiment_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/escape.h"
#include "ops/experiment_save.h"
#include "ops/param_edits.h"
#include "ops/repro.h"
#include "ops/stage_log.h"
#include "ops/work_data.h"
#include "ops/work_tree.h"
#include "os/parallel.h"
#include "os/path.h"
#include "project/root_files.h"

namespace cairn::ops {
namespace {

using Combination = std::vector<pipeline::Override>;

/// One experiment before it runs.
struct Plan {
  std::string name;
  ParamEdits edits;
};

class Sweep {
 public:
  Sweep(project::Workspace& workspace, const ExperimentRunOptions& options, Context& context)
      : workspace_(workspace), options_(options), context_(context) {}

  Result<ExperimentRunReport> run() {
    CAIRN_TRY_ASSIGN(auto combinations, pipeline::all_combinations(options_.set));
    CAIRN_TRY_ASSIGN(std::vector<std::string> names, choose_names(combinations.size()));
    CAIRN_TRY_ASSIGN(area_, WorkArea::make(workspace_));
    Copies copies = combinations.size() > 1 ? Copies::several : Copies::one;
    CAIRN_TRY_ASSIGN(base_, base_of_workspace(workspace_, *area_, copies, context_.stop));
    std::vector<Plan> plans;
    for (std::size_t i = 0; i < combinations.size(); ++i) {
      CAIRN_TRY_ASSIGN(Plan plan, make_plan(combinations[i], names[i]));
      plans.push_back(std::move(plan));
    }
    return run_all(plans);
  }

 private:
  Result<std::vector<std::string>> choose_names(std::size_t count) {
    CAIRN_TRY_ASSIGN(std::vector<std::string> taken, taken_experiment_names(workspace_));
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i) {
      if (options_.name.empty()) {
        names.push_back(random_experiment_name(taken));
      } else {
        names.push_back(count == 1 ? options_.name : options_.name + "-" + std::to_string(i + 1));
        CAIRN_TRY(check_experiment_name(names.back()));
      }
      if (std::find(taken.begin(), taken.end(), names.back()) != taken.end()) {
        return Error(Code::exists, "there is an experiment " + quoted(names.back()),
                     "choose another name, or cairn exp remove " + names.back());
      }
      taken.push_back(names.back());
    }
    return names;
  }

  /// The text of a params file of the base.
  Result<std::string> base_text(const std::string& file) {
    std::string path = os::join(workspace_.git_prefix(), file);
    if (!std::binary_search(base_->files.begin(), base_->files.end(), path)) {
      return Error(Code::usage,
                   "an experiment has only files that Git tracks, and " + quoted(file) + " is none",
                   "git add " + escaped(file));
    }
    auto known = texts_.find(file);
    if (known == texts_.end()) {
      CAIRN_TRY_ASSIGN(Buffer bytes, os::read_file(os::join(base_->folder, path)));
      known = texts_.emplace(file, std::string(as_text(bytes))).first;
    }
    return known->second;
  }

  Result<Plan> make_plan(const Combination& combination, const std::string& name) {
    CAIRN_TRY_ASSIGN(ParamEdits edits,
                     edit_params(combination, options_.folder,
                                 [this](const std::string& file) { return base_text(file); }));
    return Plan{name, std::move(edits)};
  }

  Result<ExperimentRunReport> run_all(const std::vector<Plan>& plans) {
    ExperimentRunReport report;
    report.experiments.resize(plans.size());
    unsigned workers = std::min<unsigned>(options_.at_once, static_cast<unsigned>(plans.size()));
    context_.progress.start("experiments", 0, plans.size());
    CAIRN_TRY(os::parallel_for(plans.size(), workers, 1, [&](std::size_t i) -> Status {
      report.experiments[i].name = plans[i].name;
      report.experiments[i].set = plans[i].edits.set;
      if (!context_.stop) {
        run_one(plans[i], report.experiments[i]);
      }
      ++context_.progress.items_done;
      return {};
    }));
    report.interrupted = context_.stop;
    return report;
  }

  void run_one(const Plan& plan, ExperimentResult& result) {
    StageLog log(context_.log, options_.at_once > 1 || base_->folder != base_->layout.work_tree
                                   ? "[" + plan.name + "] "
                                   : "");
    Progress progress;
    Context context{log, progress, context_.stop, std::max(1U, context_.jobs / options_.at_once),
                    context_.kill};
    auto tree = WorkTree::make(workspace_, *area_, *base_, {plan.name, "", ""}, context.stop);
    if (!tree.ok()) {
      result.errors.push_back(tree.error());
      return;
    }
    Status ran = run_in(*tree, plan, log, context, result);
    Status removed = tree->remove();
    for (const Status& status : {ran, removed}) {
      if (!status.ok() && status.error().code() != Code::interrupted) {
        result.errors.push_back(status.error());
      }
    }
  }

  Status run_in(const WorkTree& tree, const Plan& plan, StageLog& log, Context& context,
                ExperimentResult& result) {
    project::Workspace& workspace = tree.workspace();
    CAIRN_TRY(write_params(workspace, plan.edits));
    CAIRN_TRY_ASSIGN(const pipeline::Graph graph, load_graph(workspace));
    CAIRN_TRY_ASSIGN(const auto selection, pipeline::select_stages(graph, options_.targets, options_.folder,
                                                                   pipeline::Reach::upstream));
    CAIRN_TRY(place_needed_data(workspace, workspace_, graph, selection, MissingData::refuse, context));
    ReproOptions repro_options;
    repro_options.targets = options_.targets;
    repro_options.folder = options_.folder;
    repro_options.schedule.keep_going = options_.keep_going;
    repro_options.schedule.watcher = &log;
    CAIRN_TRY_ASSIGN(ReproReport report, repro(workspace, repro_options, context));
    if (report.stages.interrupted || context.stop) {
      return {};
    }
    Experiment experiment{plan.name, base_->head,      base_->head,    ExperimentStatus::done,
                          0,         options_.message, plan.edits.set, base_->tree};
    for (const pipeline::StageReport& stage : report.stages.stages) {
      if (stage.error) {
        experiment.status = ExperimentStatus::failed;
        result.errors.push_back(*stage.error);
      }
    }
    CAIRN_TRY_ASSIGN(result.saved, save_experiment(tree, *base_, report, std::move(experiment), {}));
    return {};
  }

  project::Workspace& workspace_;
  const ExperimentRunOptions& options_;
  Context& context_;
  std::unique_ptr<WorkArea> area_;
  std::optional<WorkBase> base_;
  std::map<std::string, std::string> texts_;  // of params files of the base
};

}  // namespace

Result<ExperimentRunReport> run_experiments(project::Workspace& workspace,
                                            const ExperimentRunOptions& options, Context& context) {
  return Sweep(workspace, options, context).run();
}

}  // namespace cairn::ops
