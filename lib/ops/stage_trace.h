// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ops/stage_paths.h"
#include "pipeline/graph.h"
#include "runner/trace.h"

namespace cairn::ops {

enum class Tracing : std::uint8_t {
  no,
  watch,   ///< tell what was touched without being declared
  strict,  ///< and let the stage fail for it
};

/// What the last try of a stage's command touched beside what the stage declares.
struct StageTrace {
  pipeline::Undeclared undeclared;
  std::vector<runner::TraceEndpoint> network;  ///< sorted, each once
  runner::TraceBlindSpots unseen;
  bool container = false;  ///< it ran in a container, and nothing in there was seen
  bool ended_well = true;  ///< else it may have stopped half way
};

/// Error `unsupported`, with the reason, where commands cannot be watched.
Status check_can_trace(const std::string& root);

/// Outs of all stages; of a glob, its pattern.
std::vector<std::string> outs_of_all(const pipeline::Graph& graph);

/// Holds what was seen against what the stage declares. What its globs of outs match counts as declared.
StageTrace judge_trace(const pipeline::Stage& stage, const StagePaths& paths,
                       const pipeline::TrackedFiles& tracked, const std::vector<std::string>& all_outs,
                       const runner::TraceReport& seen);

/// Why a stage that touched undeclared files fails: `stage_failed`, naming the first of them.
Error undeclared_error(const pipeline::Stage& stage, const pipeline::Undeclared& undeclared);

}  // namespace cairn::ops
