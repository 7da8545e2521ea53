// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <set>
#include <tuple>
#include <vector>

#include "pipeline/resource_pool.h"
#include "pipeline/schedule.h"
#include "pipeline/stage_job.h"

namespace cairn::pipeline {

/// Hands stages to workers. A stage's slot is its place in the selection; of those that could go on, the
/// lowest does. A slot is blocked until all that it needs is final, then ready to be judged; if its command
/// has to run it waits for resources, and after a failure that is tried again it rests before it waits once
/// more; at last its record becomes durable, and it is settled. Internal to the scheduler.
class Scheduler {
 public:
  /// `refused`: by slot, stages that must not run, and why. All must outlive the scheduler.
  struct Order {
    const Graph& graph;
    const std::vector<StageIndex>& selection;
    const ScheduleOptions& options;
    const std::vector<std::optional<Error>>& refused;
  };
  Scheduler(const Order& order, World& world, Watcher& watcher, Context& context);

  PipelineReport run();

 private:
  using Clock = std::chrono::steady_clock;

  struct Slot {
    std::size_t waits_for = 0;  ///< slots that are not final yet
    std::unique_ptr<StageJob> job;
    Resources demand;
    unsigned attempts = 0;
    std::optional<CommandEnd> end;
    std::uint64_t judged_before = 0;  ///< the round of handing out resources that came next
    bool told = false;                ///< the watcher knows that it waits for resources
    bool final = false;               ///< what comes after it may go on
    std::optional<Status> recorded;
  };
  /// What a worker does next: judge a slot, or run it with the resources that were taken for it.
  struct Turn {
    std::size_t slot = 0;
    bool runs = false;
  };
  struct Rest {
    Clock::time_point until;
    std::size_t slot = 0;
    bool operator>(const Rest& other) const {
      return std::tie(until, slot) > std::tie(other.until, other.slot);
    }
  };

  [[nodiscard]] std::vector<std::size_t> needed(std::size_t slot) const;
  [[nodiscard]] const Stage& stage_of(std::size_t slot) const;
  [[nodiscard]] bool halted() const;

  void work();
  std::optional<Turn> next_turn();
  std::optional<std::size_t> next_to_run();
  void wait_for_change(std::unique_lock<std::mutex>& lock);

  void take(const Turn& turn, std::unique_lock<std::mutex>& lock);
  bool prepare(std::size_t slot);
  void judge(std::size_t slot, std::unique_lock<std::mutex>& lock);
  void execute(std::size_t slot, std::unique_lock<std::mutex>& lock);
  bool try_again_later(std::size_t slot);
  void refuse_at_once();

  void conclude(std::size_t slot, StageReport report, bool records);
  void on_recorded(std::size_t slot, Status status);
  void settle(std::size_t slot);
  void release_next(std::size_t slot);

  void give_up_the_rest();
  [[nodiscard]] std::string why_not_started(std::size_t slot) const;
  [[nodiscard]] std::string needs(const StageReport& up) const;

  const Graph& graph_;
  const ScheduleOptions& options_;
  const std::vector<std::optional<Error>>& refused_;
  JobSetting setting_;
  Watcher& watcher_;
  Context& context_;
  std::vector<std::size_t> slot_of_;  ///< by stage

  std::mutex mutex_;  ///< guards what follows, but a slot's job while a worker has its turn
  std::condition_variable changed_;
  PipelineReport report_;
  std::vector<Slot> slots_;
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready_;
  std::set<std::size_t> waiting_;  ///< for resources
  std::uint64_t rounds_ = 0;       ///< how often resources were handed out
  std::priority_queue<Rest, std::vector<Rest>, std::greater<>> resting_;
  ResourcePool pool_;
  std::size_t unfinal_;                ///< slots that are not final
  std::size_t recording_ = 0;          ///< final slots whose record is not durable yet
  std::optional<std::size_t> failed_;  ///< the first failure, when it ends the run
};

}  // namespace cairn::pipeline
