// SPDX-License-Identifier: Apache-2.0
#include "ops/reproduction.h"

#include <algorithm>

#include "base/escape.h"
#include "base/version.h"
#include "ops/cause_search.h"
#include "ops/environment_build.h"
#include "ops/lock_environments.h"
#include "ops/missing_input.h"
#include "ops/remote_way.h"
#include "ops/reproduce_world.h"
#include "ops/stage_limits.h"
#include "ops/stage_log.h"
#include "ops/stage_outs.h"
#include "ops/stage_trial.h"
#include "ops/stage_verdict.h"
#include "ops/targets.h"
#include "ops/work_data.h"
#include "ops/work_tree.h"
#include "os/path.h"
#include "pipeline/lock_outputs.h"
#include "version/system_facts.h"

namespace cairn::ops {
namespace {

using Clock = std::chrono::steady_clock;
using pipeline::StageIndex;
using version::StageResult;

/// Where a work tree is made that stays and for which no place was named.
std::string kept_folder(const project::Workspace& workspace) {
  return workspace.paths().shared + "/kept/" + os::random_name();
}

Result<WorkPlace> place_of(project::Workspace& workspace, const ReproductionOptions& options,
                           const WorkArea& area) {
  WorkPlace place{"tree", options.in, options.from_remote ? area.path() + "/store" : ""};
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  if (!options.in.empty() && os::is_within(options.in, git->layout().work_tree)) {
    return Error(Code::usage,
                 quoted(options.in) + " is inside the work tree " + quoted(git->layout().work_tree),
                 "name a folder outside of it, or leave --in out");
  }
  if (options.in.empty() && options.keep) {
    place.folder = kept_folder(workspace);
    CAIRN_TRY(os::make_folders(std::string(os::parent_of(place.folder)), os::Durable::no));
  }
  return place;
}

/// Those whose content is no part of the commit.
std::vector<store::Object> recorded_outs(const pipeline::StageLock& block) {
  std::vector<store::Object> outs;
  for (const pipeline::LockedOut& out : block.outs) {
    if (out.state && out.cached) {
      outs.push_back(out.state->object);
    }
  }
  return outs;
}

/// One reproduction: the work tree and what is known of its stages.
class Session {
 public:
  Session(project::Workspace& original, const ReproductionOptions& options, Context& context)
      : original_(original), options_(options), context_(context), log_(context.log, "") {}

  Result<Reproduction> run() {
    CAIRN_TRY(prepare());
    CAIRN_TRY(run_stages());
    CAIRN_TRY(judge());
    CAIRN_TRY(repeat());
    CAIRN_TRY(look_for_causes());
    if (options_.keep) {
      CAIRN_TRY(tree_->keep(*area_));
      done_.kept = tree_->folder();
    }
    return std::move(done_);
  }

 private:
  [[nodiscard]] project::Workspace& tree() const { return tree_->workspace(); }
  [[nodiscard]] const pipeline::Stage& stage(std::size_t slot) const {
    return graph_->stage(selection_[slot]);
  }

  Status prepare() {
    CAIRN_TRY_ASSIGN(area_, WorkArea::make(original_));
    CAIRN_TRY_ASSIGN(const WorkPlace place, place_of(original_, options_, *area_));
    CAIRN_TRY_ASSIGN(const WorkBase base,
                     options_.commit ? base_of_commit(original_, *area_, *options_.commit)
                                     : base_of_workspace(original_, *area_, Copies::one, context_.stop));
    CAIRN_TRY_ASSIGN(tree_, WorkTree::make(original_, *area_, base, place, context_.stop));
    CAIRN_TRY_ASSIGN(graph_, load_graph(tree()));
    const pipeline::Reach reach =
        options_.stages.empty() ? pipeline::Reach::upstream : pipeline::Reach::single;
    CAIRN_TRY_ASSIGN(selection_, pipeline::select_stages(*graph_, options_.stages, options_.folder, reach));
    CAIRN_TRY_ASSIGN(locks_, Locks::load(tree(), *graph_));
    CAIRN_TRY(place_needed_data(tree(), original_, *graph_, selection_, MissingData::fetch, context_));
    CAIRN_TRY(open_remote_if_needed());
    CAIRN_TRY_ASSIGN(builds_, build_environments(tree(), original_, *graph_, selection_, context_));
    return {};
  }

  /// Recorded outs and records of environments that are not here come from the default remote, if there is
  /// one: without them less can be told.
  Status open_remote_if_needed() {
    CAIRN_TRY_ASSIGN(store::Store * store, tree().store());
    CAIRN_TRY_ASSIGN(std::vector<remote::Root> environments, find_environments(tree(), {}));
    std::erase_if(environments, [store](const remote::Root& one) { return store->has(one.object); });
    bool lacks = !environments.empty();
    for (const StageIndex index : selection_) {
      const pipeline::StageLock* block = locks_->find(graph_->stage(index));
      const auto outs = block != nullptr ? recorded_outs(*block) : std::vector<store::Object>();
      lacks = lacks || std::any_of(outs.begin(), outs.end(),
                                   [store](const store::Object& one) { return !store->has(one); });
    }
    if (!lacks || (original_.config().get_or("core.remote", "").empty() && !options_.from_remote)) {
      return {};
    }
    auto opened = open_remote(original_, "", remote::Purpose::read, context_);
    if (!opened.ok() && !options_.from_remote) {
      context_.log.warn("recorded outputs that are not here cannot be fetched: " + opened.error().message());
      return {};
    }
    CAIRN_TRY_ASSIGN(remote_, std::move(opened));
    for (const remote::Root& root : environments) {
      const auto fetched = remote::fetch(*store, *remote_, std::span(&root, 1), context_);
      if (!fetched.ok() && fetched.error().code() != Code::not_found) {
        return fetched.error();
      }
    }
    return {};
  }

  Status run_stages() {
    ReproWorld::Options world_options;
    world_options.use_run_cache = false;
    world_options.remote = remote_ ? &*remote_ : nullptr;
    world_options.frame.all_outs = outs_of_all(*graph_);
    world_options.keep = ReproWorld::Keep::records;
    CAIRN_TRY_ASSIGN(Locks locks, Locks::load(tree(), *graph_));
    ReproWorld inner(tree(), std::move(locks), world_options, context_);
    ReproduceWorld world(inner, *locks_,
                         options_.commit ? ReproduceWorld::Trust::all : ReproduceWorld::Trust::fresh,
                         context_);
    for (const StageIndex index : selection_) {
      CAIRN_TRY(world.store_uncached(graph_->stage(index)));
    }
    pipeline::ScheduleOptions schedule;
    schedule.jobs = context_.jobs;
    schedule.force = true;
    schedule.keep_going = true;
    schedule.use_run_cache = false;
    schedule.watcher = &log_;
    CAIRN_TRY_ASSIGN(schedule.limits, stage_limits(tree().config(), *graph_, schedule.jobs, {}));
    report_ = pipeline::run_pipeline(*graph_, selection_, schedule, world, context_);
    runs_ = world.take_runs();
    CAIRN_TRY(inner.finish());
    inner.name_environments(*graph_, report_);
    if (report_.interrupted || context_.stop) {
      return Error(Code::interrupted, "interrupted: nothing was judged");
    }
    return {};
  }

  /// Null for a stage whose command was not run.
  [[nodiscard]] const StageRun* find_run(std::size_t slot) const {
    const auto run = runs_.find(stage(slot).address());
    return run != runs_.end() ? &run->second : nullptr;
  }

  /// The block that a stage is compared with; null for none.
  [[nodiscard]] const pipeline::StageLock* recorded(std::size_t slot) const {
    const StageRun* run = find_run(slot);
    return run == nullptr || run->comparable ? locks_->find(stage(slot)) : nullptr;
  }

  Status judge() {
    CAIRN_TRY_ASSIGN(store::Store * store, tree().store());
    CAIRN_TRY(store->reload());
    for (std::size_t slot = 0; slot < selection_.size(); ++slot) {
      const StageRun* run = find_run(slot);
      CAIRN_TRY_ASSIGN(StageResult result,
                       judge_stage(*store, {stage(slot), report_.stages[slot], run, recorded(slot)}));
      tell_build(result);
      if (result.verdict == version::StageVerdict::failed) {
        CAIRN_TRY(find_missing_input(original_, tree(), {stage(slot), report_.stages[slot], run}, result));
      }
      done_.stages.push_back(std::move(result));
    }
    return {};
  }

  void tell_build(StageResult& result) const {
    for (const EnvironmentBuild& build : builds_) {
      if (std::find(build.stages.begin(), build.stages.end(), result.stage) == build.stages.end()) {
        continue;
      }
      if (result.environment.empty()) {
        result.environment = build.differences;
      }
      result.environment.insert(result.environment.end(), build.notes.begin(), build.notes.end());
      if (build.error) {
        result.environment.push_back(build.error->message());
      }
    }
  }

  /// Runs stages that ended well as often as asked for, and tells of each out the first run that gave
  /// something else than the first one.
  Status repeat() {
    for (std::size_t slot = 0; slot < selection_.size(); ++slot) {
      const StageRun* first = find_run(slot);
      if (first == nullptr || first->failure) {
        continue;
      }
      StageTrials trials(tree(), stage(slot), context_);
      for (unsigned run = 2; run <= options_.runs; ++run) {
        context_.log.info(quoted(stage(slot).address()) + ", run " + std::to_string(run) + " of " +
                          std::to_string(options_.runs));
        CAIRN_TRY_ASSIGN(const Trial trial, trials.run({}));
        CAIRN_TRY(compare_run(slot, *first, trial, run));
      }
    }
    return {};
  }

  Status compare_run(std::size_t slot, const StageRun& first, const Trial& trial, unsigned run) {
    StageResult& result = done_.stages[slot];
    if (trial.failed) {
      result.verdict = version::StageVerdict::failed;
      result.reason = "its command failed in run " + std::to_string(run);
      return {};
    }
    CAIRN_TRY_ASSIGN(store::Store * store, tree().store());
    store::Reader reader(*store);
    for (const OutPair& pair : pair_outs(stage(slot), first.outs, trial.outs)) {
      CAIRN_TRY_ASSIGN(version::OutResult out, compare_pair(reader, *store, pair));
      const bool differs =
          out.verdict == version::OutVerdict::differs || out.verdict == version::OutVerdict::missing;
      const auto known = std::find_if(result.outs.begin(), result.outs.end(),
                                      [&](const version::OutResult& one) { return one.path == out.path; });
      const bool counts = differs && !may_vary(stage(slot), *pair.declared);
      if (counts) {
        result.verdict = version::StageVerdict::differs;
        unstable_.insert(slot);
      }
      if (known == result.outs.end()) {
        result.outs.push_back(std::move(out));
      } else if (counts && !unstable_outs_.contains({slot, out.path})) {
        unstable_outs_.insert({slot, out.path});
        *known = std::move(out);
      }
    }
    return {};
  }

  Status look_for_causes() {
    const Clock::time_point time_over = Clock::now() + options_.cause_time;
    for (std::size_t slot = 0; slot < selection_.size(); ++slot) {
      StageResult& result = done_.stages[slot];
      if (result.verdict != version::StageVerdict::differs) {
        continue;
      }
      if (options_.cause_time.count() == 0) {
        result.cause_note = "not looked for";
        continue;
      }
      CAIRN_TRY_ASSIGN(version::CauseAnswer answer,
                       search_causes(tree(), search_of(slot, time_over), context_));
      result.causes = std::move(answer.causes);
      result.cause_note = std::move(answer.note);
    }
    return {};
  }

  [[nodiscard]] CauseSearch search_of(std::size_t slot, Clock::time_point time_over) const {
    static const std::vector<pipeline::LockedOut> kNone;
    const StageRun* run = find_run(slot);
    const pipeline::StageLock* block = unstable_.contains(slot) ? nullptr : recorded(slot);
    CauseSearch search{
        stage(slot), block != nullptr ? block->outs : kNone, run->outs, run->temporary, std::nullopt,
        0,           done_.stages[slot].environment,         time_over};
    if (options_.manifest != nullptr) {
      for (const version::ManifestStage& known : options_.manifest->stages) {
        if (known.stage == stage(slot).address()) {
          search.recorded_start_ms = known.start_ms;
          search.conditions =
              known.conditions == version::Conditions() ? std::nullopt : std::optional(known.conditions);
        }
      }
    }
    return search;
  }

  project::Workspace& original_;
  const ReproductionOptions& options_;
  Context& context_;
  StageLog log_;
  std::unique_ptr<WorkArea> area_;
  std::optional<WorkTree> tree_;
  std::optional<pipeline::Graph> graph_;
  std::vector<StageIndex> selection_;
  std::optional<Locks> locks_;  // as the commit has them
  std::optional<remote::Remote> remote_;
  std::vector<EnvironmentBuild> builds_;
  std::map<std::string, StageRun, std::less<>> runs_;  // by address
  pipeline::PipelineReport report_;                    // in the order of the selection
  std::set<std::size_t> unstable_;                     // slots whose runs here differ
  std::set<std::pair<std::size_t, std::string>> unstable_outs_;
  Reproduction done_;
};

}  // namespace

Result<Reproduction> reproduce_stages(project::Workspace& workspace, const ReproductionOptions& options,
                                      Context& context) {
  return Session(workspace, options, context).run();
}

version::Verdict begin_verdict(version::VerdictKind kind, const git::Oid& commit) {
  using std::chrono::milliseconds;
  version::Verdict verdict;
  verdict.kind = kind;
  verdict.commit = commit.hex();
  verdict.time_ms =
      std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  verdict.cairn = own_version();
  verdict.system = version::system_facts();
  return verdict;
}

}  // namespace cairn::ops
