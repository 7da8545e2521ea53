// SPDX-License-Identifier: Apache-2.0
#include "pipeline/schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <queue>

#include "base/escape.h"
#include "os/parallel.h"
#include "pipeline/stage_job.h"

namespace cairn::pipeline {
namespace {

constexpr std::size_t kNotSelected = static_cast<std::size_t>(-1);

bool may_change_outs(Outcome outcome) {
  return outcome == Outcome::would_run || outcome == Outcome::would_restore || outcome == Outcome::might_run;
}

bool is_broken(Outcome outcome) {
  return outcome == Outcome::failed || outcome == Outcome::skipped;
}

/// Hands stages to the workers. A stage's slot is its place in the selection; lower ones go first.
class Scheduler {
 public:
  Scheduler(const Graph& graph, const std::vector<StageIndex>& selection, const ScheduleOptions& options,
            World& world, Context& context)
      : graph_(graph),
        options_(options),
        world_(world),
        context_(context),
        slot_of_(graph.size(), kNotSelected) {
    report_.stages.resize(selection.size());
    done_.resize(selection.size(), 0);
    waits_.resize(selection.size(), 0);
    for (std::size_t slot = 0; slot < selection.size(); ++slot) {
      report_.stages[slot].stage = selection[slot];
      slot_of_[selection[slot]] = slot;
    }
    for (std::size_t slot = 0; slot < selection.size(); ++slot) {
      waits_[slot] = needed(slot).size();
      if (waits_[slot] == 0) {
        ready_.push(slot);
      }
    }
  }

  PipelineReport run() {
    context_.progress.start("running stages", 0, report_.stages.size());
    if (options_.watcher != nullptr) {
      options_.watcher->begun(report_.stages.size(), options_.jobs);
    }
    const auto workers =
        static_cast<unsigned>(std::clamp<std::size_t>(report_.stages.size(), 1, std::max(1U, options_.jobs)));
    const Status joined = os::run_workers(workers, [this](unsigned) {
      work();
      return Status();
    });
    CAIRN_CHECK(joined.ok());
    skip_the_rest();
    return std::move(report_);
  }

 private:
  /// Slots of the selected stages that this one waits for. A frozen stage's deps do not matter.
  [[nodiscard]] std::vector<std::size_t> needed(std::size_t slot) const {
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

  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return halted() || !ready_.empty() || running_ == 0; });
      if (halted() || ready_.empty()) {
        return;
      }
      const std::size_t slot = ready_.top();
      ready_.pop();
      ++running_;
      lock.unlock();
      StageReport result = turn(slot);
      lock.lock();
      --running_;
      finish(slot, std::move(result));
      changed_.notify_all();
    }
  }

  [[nodiscard]] bool halted() const { return failed_.has_value() || context_.stop.load(); }

  /// The reports it reads are final: a slot becomes ready when those before it are finished.
  StageReport turn(std::size_t slot) {
    const StageIndex stage = report_.stages[slot].stage;
    std::vector<StageIndex> pending;
    for (std::size_t before : needed(slot)) {
      const StageReport& up = report_.stages[before];
      if (is_broken(up.outcome)) {
        return skipped(stage, needs(up));
      }
      if (may_change_outs(up.outcome)) {
        pending.push_back(up.stage);
      }
    }
    return StageJob(graph_, stage, options_, world_, std::move(pending)).run();
  }

  void finish(std::size_t slot, StageReport result) {
    const StageIndex stage = result.stage;
    const bool go_on = options_.keep_going || options_.dry_run;
    if (result.outcome == Outcome::failed && !go_on && !failed_.has_value()) {
      failed_ = slot;
    }
    if (result.error.has_value() && result.error->code() == Code::interrupted) {
      report_.interrupted = true;
    }
    report_.stages[slot] = std::move(result);
    done_[slot] = 1;
    ++context_.progress.items_done;
    for (StageIndex down : graph_.downstream(stage)) {
      const std::size_t next = slot_of_[down];
      if (next != kNotSelected && !graph_.stage(down).frozen && --waits_[next] == 0) {
        ready_.push(next);
      }
    }
  }

  /// After all workers ended: what was never started, and why.
  void skip_the_rest() {
    for (std::size_t slot = 0; slot < done_.size(); ++slot) {
      if (done_[slot] == 0) {
        report_.interrupted = report_.interrupted || context_.stop.load();
        report_.stages[slot] = skipped(report_.stages[slot].stage, why_not_started(slot));
      }
    }
  }

  [[nodiscard]] std::string why_not_started(std::size_t slot) const {
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

  [[nodiscard]] std::string needs(const StageReport& up) const {
    return fmt::format("needs {}, which {}", quoted(graph_.address(up.stage)),
                       up.outcome == Outcome::failed ? "failed" : "was not run");
  }

  static StageReport skipped(StageIndex stage, std::string reason) {
    StageReport report;
    report.stage = stage;
    report.outcome = Outcome::skipped;
    report.reason = std::move(reason);
    return report;
  }

  const Graph& graph_;
  const ScheduleOptions& options_;
  World& world_;
  Context& context_;
  std::vector<std::size_t> slot_of_;  ///< by stage

  std::mutex mutex_;  ///< guards what follows; entries of report_ are final once done
  std::condition_variable changed_;
  PipelineReport report_;
  std::vector<char> done_;
  std::vector<std::size_t> waits_;
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready_;
  std::size_t running_ = 0;
  std::optional<std::size_t> failed_;  ///< the first failure, when it ends the run
};

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
  return Scheduler(graph, selection, options, world, context).run();
}

}  // namespace cairn::pipeline
