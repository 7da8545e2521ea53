// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipeline/stage.h"

namespace cairn::pipeline {

/// One thing that two definitions of a stage say otherwise; nothing where a side does not say it.
struct StageDifference {
  std::string key;   ///< of cairn.yaml: "cmd", "deps", "outs", "env", …
  std::string name;  ///< what in it: a path, FILE:KEY, a variable; "" for a key with one value
  std::optional<std::string> before;  ///< the value, for people; of an out its flags: "cache: false"
  std::optional<std::string> after;

  bool operator==(const StageDifference&) const = default;
};

/// What differs in all that a stage's result may depend on, key by key, sorted by name within each. Left out
/// are the seed (compare Stage::seed), what says only how it is run (timeout, retries, resources), and desc
/// and meta.
std::vector<StageDifference> diff_stages(const Stage& before, const Stage& after);

}  // namespace cairn::pipeline
