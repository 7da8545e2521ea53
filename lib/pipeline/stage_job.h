// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "pipeline/schedule.h"

namespace cairn::pipeline {

/// What all jobs of a run share. All must outlive them.
struct JobSetting {
  const Graph& graph;
  const ScheduleOptions& options;
  World& world;
};

/// One stage's turn, when all that it needs is final: judges it, and does or plans what is needed. Internal
/// to the scheduler.
class StageJob {
 public:
  enum class Verdict : std::uint8_t {
    settled,   ///< the report says what became of it
    must_run,  ///< run() is to be called
  };

  /// `pending`: in a dry run, stages right before this one that may change their outs. `recorded`: what
  /// World::record gets.
  StageJob(const JobSetting& setting, StageIndex index, std::vector<StageIndex> pending, Recorded recorded);

  /// Looks at the stage, and does all that can be done without running its command. May be called again after
  /// must_run, when time has passed.
  Verdict judge();
  /// Runs the command. REQUIRES: judge() said must_run.
  void run(Attempt& attempt);

  /// World::record was called.
  [[nodiscard]] bool records() const { return records_; }
  [[nodiscard]] const StageReport& report() const { return report_; }

 private:
  Result<Verdict> try_judge();
  Result<Verdict> bring_up_to_date(const Inspection& found);
  Status adopt(const Inspection& found);
  Result<Verdict> restore_or_run(const Inspection& found);
  void record_flags(const StageLock& block);
  void finish(StageLock wanted, const std::vector<LockedOut>& outs, Outcome outcome);
  void record(const StageLock& block);
  void fail(Error error);

  Status plan(const Inspection& found);
  Result<Outcome> planned_outcome(const Inspection& found);
  [[nodiscard]] bool may_restore() const;
  [[nodiscard]] bool awaits(const PathPattern& read) const;
  [[nodiscard]] Inputs assume_made(const Inspection& found) const;

  const JobSetting& setting_;
  const ScheduleOptions& options_;
  World& world_;
  StageIndex index_;
  const Stage& stage_;
  std::vector<StageIndex> pending_;
  Recorded recorded_;
  Status runnable_;  ///< with allow_missing: whether its command would find what it needs
  StageReport report_;
  StageLock wanted_;  ///< after must_run: what the command is to be recorded with
  store::Id key_;
  bool records_ = false;
};

}  // namespace cairn::pipeline
