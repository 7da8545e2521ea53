// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "ops/stage_states.h"
#include "render.h"

namespace cairn::cmd {

/// The section "pipeline" of `status`: counts, and each stage that is not up to date with its first reason;
/// nothing where there is nothing to tell. In JSON "pipeline" and "pipeline_counts".
void add_pipeline_section(const Invocation& invocation, const ops::StatesReport& report, Outcome& outcome);

/// The colour of a state.
Color state_color(ops::StageState state);

/// Every state, in the order of counts.
std::vector<ops::StageState> all_states();

}  // namespace cairn::cmd
