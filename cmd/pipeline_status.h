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

/// "2026-11-20 17:18:09 UTC", from milliseconds since 1970.
std::string shown_time(std::int64_t ms);
/// As many digits of a run's id as people see.
std::string short_id(const ops::LastRun& run);
/// "run 0123456789ab failed at 2026-11-20 17:18:09 UTC".
std::string run_words(const ops::LastRun& run);

}  // namespace cairn::cmd
