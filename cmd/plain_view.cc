// SPDX-License-Identifier: Apache-2.0
#include "plain_view.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "pipeline/stage.h"

namespace cairn::cmd {

void PlainView::begun(std::size_t stages, unsigned jobs) {
  prefixed_ = stages > 1 && jobs > 1;
}

void PlainView::started(const pipeline::Stage& stage, unsigned attempt) {
  const std::string again = attempt > 1 ? fmt::format(", attempt {}", attempt) : "";
  log_.info("running " + quoted(stage.address()) + again);
}

void PlainView::line(const pipeline::Stage& stage, std::string_view text, pipeline::LineState state) {
  if (state == pipeline::LineState::whole) {
    log_.info((prefixed_ ? "[" + escaped(stage.address()) + "] " : "") + std::string(text));
  }
}

void PlainView::waiting(const pipeline::Stage& stage, std::string_view why) {
  log_.info(quoted(stage.address()) + " waits " + std::string(why));
}

}  // namespace cairn::cmd
