// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "pipeline/schedule.h"

namespace cairn::cmd {

/// Lines about one stage: what became of it and why. Stages that are up to date are left out unless
/// `verbose`.
std::string stage_line(const std::string& address, const pipeline::StageReport& report, bool verbose,
                       bool color);

/// {"stage":…,"outcome":…,"changes":[{"kind":…,"name":…,"before":…,"after":…,"text":…}]}
Json stage_json(const std::string& address, const pipeline::StageReport& report);

Json change_json(const pipeline::Change& change);

}  // namespace cairn::cmd
