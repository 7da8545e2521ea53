// SPDX-License-Identifier: Apache-2.0
#include "ops/stage_log.h"

#include "base/escape.h"

namespace cairn::ops {

void StageLog::started(const pipeline::Stage& stage, unsigned attempt) {
  info("running " + quoted(stage.address()) + (attempt > 1 ? ", try " + std::to_string(attempt) : ""));
}

void StageLog::line(const pipeline::Stage& /*stage*/, std::string_view text, pipeline::LineState state) {
  if (state == pipeline::LineState::whole) {
    info(escaped(text));
  }
}

void StageLog::waiting(const pipeline::Stage& stage, std::string_view why) {
  info(quoted(stage.address()) + " waits " + std::string(why));
}

}  // namespace cairn::ops
