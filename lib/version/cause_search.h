// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "version/cause.h"
#include "version/cause_trials.h"

/// The questions behind find_causes, for one out. Internal to version/; one thread.
namespace cairn::version {

struct Finding {
  std::vector<Cause> causes;
  std::string note;  ///< why there is none
};

/// One out of the stage.
struct DifferingOut {
  std::string path;
  Out recorded;
  /// What runs here gave, each as it is: the one that differed, then trials without any conditions.
  std::vector<Out> seen;
};

/// Runs here differ from each other.
Result<Finding> explain_unstable(const CauseQuestion& question, CauseTrials& trials, const DifferingOut& out);
/// All runs here give the same, which is not what was recorded: what the record says was otherwise. Empty
/// where that does not explain it.
Result<Finding> explain_by_record(const CauseQuestion& question, CauseTrials& trials,
                                  const DifferingOut& out);
/// The same, where that was in vain: what changes the output and may have been otherwise.
Result<Finding> explain_by_influence(const CauseQuestion& question, CauseTrials& trials,
                                     const DifferingOut& out);

/// A time some while before `start_ms`, with another year, month, day, weekday, hour and second.
std::string another_time(std::int64_t start_ms);
/// When the recorded run began, else some fixed moment.
std::int64_t held_time(const CauseQuestion& question);
/// The value of PYTHONHASHSEED, where it is a number.
std::optional<std::string> hash_seed_of(const Conditions& conditions);

}  // namespace cairn::version
