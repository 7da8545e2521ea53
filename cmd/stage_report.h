// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "change_report.h"
#include "command.h"
#include "pipeline/schedule.h"

namespace cairn::cmd {

struct StageDetail {
  bool up_to_date = false;  ///< such stages are named too
  ChangeDetail changes;
};

/// Lines about one stage: what became of it and why.
std::string stage_line(const std::string& address, const pipeline::StageReport& report,
                       const StageDetail& detail);

/// {"stage":…,"outcome":…,"changes":[{"kind":…,"name":…,"before":…,"after":…,"text":…}]}
Json stage_json(const std::string& address, const pipeline::StageReport& report);

}  // namespace cairn::cmd
