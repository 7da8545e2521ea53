// SPDX-License-Identifier: Apache-2.0
#include "pipeline/schedule.h"

#include <algorithm>
#include <mutex>

#include "pipeline/scheduler.h"

namespace cairn::pipeline {
namespace {

/// Lets one call at a time through.
class SerialWatcher : public Watcher {
 public:
  explicit SerialWatcher(Watcher& watcher) : watcher_(watcher) {}

  void begun(std::size_t stages, unsigned jobs) override {
    std::lock_guard lock(mutex_);
    watcher_.begun(stages, jobs);
  }
  void started(const Stage& stage, unsigned attempt) override {
    std::lock_guard lock(mutex_);
    watcher_.started(stage, attempt);
  }
  void line(const Stage& stage, std::string_view text, LineState state) override {
    std::lock_guard lock(mutex_);
    watcher_.line(stage, text, state);
  }
  void waiting(const Stage& stage, std::string_view why) override {
    std::lock_guard lock(mutex_);
    watcher_.waiting(stage, why);
  }
  void finished(const Stage& stage, const StageReport& report) override {
    std::lock_guard lock(mutex_);
    watcher_.finished(stage, report);
  }

 private:
  std::mutex mutex_;
  Watcher& watcher_;
};

/// By slot, the errors of stages that would run but ask for more than there is. Only if there may be one is
/// it worth to look through the whole selection.
std::vector<std::optional<Error>> find_refused(const Graph& graph, const std::vector<StageIndex>& selection,
                                               const ScheduleOptions& options, World& world,
                                               Context& context) {
  std::vector<std::optional<Error>> refused(selection.size());
  const auto asks_too_much = [&graph, &options](StageIndex stage) {
    return !check_fits(graph.stage(stage), *options.limits).ok();
  };
  if (options.dry_run || !options.limits.has_value() ||
      std::none_of(selection.begin(), selection.end(), asks_too_much)) {
    return refused;
  }
  ScheduleOptions plan = options;
  plan.dry_run = true;
  Watcher nobody;
  const PipelineReport planned = Scheduler({graph, selection, plan, refused}, world, nobody, context).run();
  for (std::size_t slot = 0; slot < selection.size(); ++slot) {
    if (asks_too_much(selection[slot]) && planned.stages[slot].outcome == Outcome::failed) {
      refused[slot] = planned.stages[slot].error;
    }
  }
  return refused;
}

struct OutcomeName {
  Outcome outcome;
  std::string_view name;
};
constexpr OutcomeName kOutcomes[] = {
    {Outcome::up_to_date, "up_to_date"},
    {Outcome::restored, "restored"},
    {Outcome::ran, "ran"},
    {Outcome::adopted, "adopted"},
    {Outcome::failed, "failed"},
    {Outcome::skipped, "skipped"},
    {Outcome::would_run, "would_run"},
    {Outcome::would_restore, "would_restore"},
    {Outcome::would_adopt, "would_adopt"},
    {Outcome::might_run, "might_run"},
};

}  // namespace

std::string_view outcome_name(Outcome outcome) {
  const OutcomeName& row = kOutcomes[static_cast<std::size_t>(outcome)];
  CAIRN_CHECK(row.outcome == outcome);
  return row.name;
}

std::size_t PipelineReport::count(Outcome outcome) const {
  return static_cast<std::size_t>(
      std::count_if(stages.begin(), stages.end(),
                    [outcome](const StageReport& stage) { return stage.outcome == outcome; }));
}

PipelineReport run_pipeline(const Graph& graph, const std::vector<StageIndex>& selection,
                            const ScheduleOptions& options, World& world, Context& context) {
  Watcher nobody;
  SerialWatcher watcher(options.watcher == nullptr ? nobody : *options.watcher);
  const auto refused = find_refused(graph, selection, options, world, context);
  return Scheduler({graph, selection, options, refused}, world, watcher, context).run();
}

}  // namespace cairn::pipeline
