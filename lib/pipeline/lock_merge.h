// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/lock.h"
#include "text/conflict_markers.h"

namespace cairn::pipeline {

enum class MergeSide : std::uint8_t { ours, theirs };

struct LockMerge {
  Lock lock;
  /// Stages that both sides ran, neither with all that the merge brings together: what the lock says of them
  /// is the preferred side's run, so they come out as changed and run again.
  std::vector<std::string> rerun;
};

/// Merges locks of one place, stage by stage. A block is taken whole or not at all, so that the lock claims
/// nothing that was never run: what makes it stale is that the inputs are others now. Of a stage that both
/// sides changed, each otherwise, the block is taken whose inputs are what the merge brings together (what
/// one side alone changed, and outs of other stages as they are merged), else that of `preferred`. A block
/// that one side changed and the other removed goes: its stage has never run, then. Cost: linear in what both
/// sides changed.
LockMerge merge_locks(const text::ThreeWay<Lock>& sides, MergeSide preferred);

}  // namespace cairn::pipeline
