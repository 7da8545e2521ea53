// SPDX-License-Identifier: Apache-2.0
#include "plain_view.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "pipeline/stage.h"
#include "shown_text.h"

namespace cairn::cmd {

void PlainView::begun(std::size_t stages, unsigned jobs) {
  prefixed_ = stages > 1 && jobs > 1;
}

void PlainView::started(const pipeline::Stage& stage, unsigned attempt) {
  const std::string again = attempt > 1 ? fmt::format(", attempt {}", attempt) : "";
  terminal_.info("running " + quoted(stage.address()) + again);
}

void PlainView::line(const pipeline::Stage& stage, std::string_view text, pipeline::LineState state) {
  if (state == pipeline::LineState::whole) {
    const std::string prefix = prefixed_ ? "[" + escaped(stage.address()) + "] " : "";
    terminal_.info(prefix + shown_line(text, terminal_.passes_color_stderr() ? Sgr::keep : Sgr::drop));
  }
}

void PlainView::waiting(const pipeline::Stage& stage, std::string_view why) {
  terminal_.info(quoted(stage.address()) + " waits " + std::string(why));
}

}  // namespace cairn::cmd
