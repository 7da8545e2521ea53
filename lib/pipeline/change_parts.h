// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "pipeline/change.h"

/// What the parts of explain() share. Internal to this module.
namespace cairn::pipeline {

/// What the stage key sees of a path.
bool same_content(const PathState& a, const PathState& b);

/// Null pointers where a side lacks the path.
Change path_change(ChangeKind kind, const std::string& name, const PathState* was, const PathState* now);
Change text_change(ChangeKind kind, std::string name, std::string before, std::string after);

/// Two sides of one name; null pointer where a side lacks it.
template <class Was, class Now>
struct Pair {
  const Was* was = nullptr;
  const Now* now = nullptr;
};

/// The part of explain() that compares outs.
void explain_outs(const Stage& stage, const StageLock& block, const Inputs& inputs,
                  std::vector<Change>& changes);

}  // namespace cairn::pipeline
