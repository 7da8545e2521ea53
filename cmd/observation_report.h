// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "ops/repro.h"

namespace cairn::cmd {

/// What was learnt of a stage by --trace and --isolate, a line each: files, network, what was not seen.
std::string observation_lines(const ops::StageObservation& observation);
/// Adds "undeclared": {"reads":[{"path","folder","files","code"}],…,"network":[…],"unseen":[…]} and
/// "isolated" to a stage's JSON.
void put_observation(Json& stage, const ops::StageObservation& observation);

/// What --fix added to cairn.yaml, and what is left to do by hand.
std::string fix_lines(const std::vector<ops::StageFix>& fixes);
/// [{"stage","file","deps":[…],"outs":[…],"left":[{"path","why"}],"error"}]
Json fix_json(const std::vector<ops::StageFix>& fixes);

}  // namespace cairn::cmd
