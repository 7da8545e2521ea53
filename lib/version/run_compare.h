// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "pipeline/change.h"
#include "version/run_record.h"

namespace cairn::version {

/// What differs in what two runs were made of and in what they made, in the words of `why`: command, shell,
/// folder, seed, variables, environment, code, deps, params, and outs where both ended well.
std::vector<pipeline::Change> compare_inputs(const pipeline::StageLock& before,
                                             const pipeline::StageLock& after);
std::vector<pipeline::Change> compare_outs(const RunRecord& before, const RunRecord& after);

/// Another fact of two runs that differs; "" where a side lacks it.
struct RunDifference {
  std::string name;  ///< "status", "wall time", "cpu model"
  std::string before;
  std::string after;
};
/// How they ended, what they cost, and where they ran, as far as it differs. Times and sizes are always
/// given.
std::vector<RunDifference> compare_circumstances(const RunRecord& before, const RunRecord& after);

/// "exit 1", "signal 9", "ok", "timed out": for tables.
std::string ending_text(const RunRecord& record);

}  // namespace cairn::version
