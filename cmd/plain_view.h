// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/watcher.h"
#include "terminal.h"

namespace cairn::cmd {

/// Says what stages do as lines, for logs and for terminals that can do no more: "running 'train'", then the
/// lines of its command, with "[train] " in front where more than one stage may run.
class PlainView : public pipeline::Watcher {
 public:
  explicit PlainView(Terminal& terminal) : terminal_(terminal) {}

  void begun(std::size_t stages, unsigned jobs) override;
  void started(const pipeline::Stage& stage, unsigned attempt) override;
  void line(const pipeline::Stage& stage, std::string_view text, pipeline::LineState state) override;
  void waiting(const pipeline::Stage& stage, std::string_view why) override;

 private:
  Terminal& terminal_;
  bool prefixed_ = false;
};

}  // namespace cairn::cmd
