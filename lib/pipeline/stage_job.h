// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "pipeline/schedule.h"

namespace cairn::pipeline {

/// One stage's turn, when all that it needs is final: judges it, and does or plans what is needed. Internal
/// to the scheduler.
class StageJob {
 public:
  /// `pending`: in a dry run, stages right before this one that may change their outs. All must outlive the
  /// job.
  StageJob(const Graph& graph, StageIndex index, const ScheduleOptions& options, World& world,
           std::vector<StageIndex> pending);

  StageReport run();

 private:
  Status judge();
  Status bring_up_to_date(const Inspection& found);
  Status adopt(const Inspection& found);
  Status restore_or_run(const Inspection& found);
  Status record_flags(const StageLock& block);
  Status record(const StageLock& block);
  Status finish(StageLock wanted, const std::vector<LockedOut>& outs, Outcome outcome);

  Status plan(const Inspection& found);
  Result<Outcome> planned_outcome(const Inspection& found);
  [[nodiscard]] bool may_restore() const;
  [[nodiscard]] bool awaits(const PathPattern& read) const;
  [[nodiscard]] Inputs assume_made(const Inspection& found) const;

  const Graph& graph_;
  const Stage& stage_;
  const ScheduleOptions& options_;
  World& world_;
  std::vector<StageIndex> pending_;
  Status runnable_;  ///< with allow_missing: whether its command would find what it needs
  StageReport report_;
};

}  // namespace cairn::pipeline
