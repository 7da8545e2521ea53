// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ops/reproduce_world.h"
#include "report/output_compare.h"
#include "store/reader.h"
#include "version/verdict.h"

namespace cairn::ops {

/// One out as two runs made it; no state where it was not made.
struct OutPair {
  std::string path;
  const pipeline::Out* declared = nullptr;
  std::optional<pipeline::PathState> before;
  std::optional<pipeline::PathState> after;
};
/// All outs of either, by path.
std::vector<OutPair> pair_outs(const pipeline::Stage& stage, const std::vector<pipeline::LockedOut>& before,
                               const std::vector<pipeline::LockedOut>& after);

/// Compares them as the out's `compare` says. Content that the reader's store lacks is told and differs.
/// Errors: `corrupt`.
Result<version::OutResult> compare_pair(store::Reader& reader, const store::Store& store,
                                        const OutPair& pair);

/// What came of one stage, to be judged.
struct StageOutcome {
  const pipeline::Stage& stage;
  const pipeline::StageReport& report;
  const StageRun* run = nullptr;                  ///< null: its command was not run
  const pipeline::StageLock* recorded = nullptr;  ///< null: nothing to compare with
};
/// The stage's verdict without causes. What stages declare not to be the same each time (`deterministic:
/// false` without `compare`, `always_changed`, `persist`) is told and not compared where it differs. Errors:
/// as compare_pair.
Result<version::StageResult> judge_stage(store::Store& store, const StageOutcome& outcome);

/// An out of the stage may differ without its `compare` being broken.
bool may_vary(const pipeline::Stage& stage, const pipeline::Out& out);

}  // namespace cairn::ops
