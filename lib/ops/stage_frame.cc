// SPDX-License-Identifier: Apache-2.0
#include "ops/stage_frame.h"

namespace cairn::ops {

Result<StageFrame> StageFrame::make(const FrameOptions& options, const std::string& root,
                                    const pipeline::Stage& stage, const StagePaths& paths,
                                    const std::atomic<bool>& stop) {
  StageFrame frame;
  if (options.isolated != nullptr) {
    CAIRN_TRY_ASSIGN(runner::Isolation isolation, isolate_stage(root, *options.isolated, stage, paths, stop));
    frame.isolation_.emplace(std::move(isolation));
  }
  if (options.tracing != Tracing::no) {
    runner::TraceOptions trace_options;
    trace_options.root = frame.isolation_ ? frame.isolation_->seen_root() : root;
    CAIRN_TRY_ASSIGN(runner::Trace trace, runner::Trace::begin(std::move(trace_options)));
    frame.trace_.emplace(std::move(trace));
  }
  return frame;
}

void StageFrame::put_around(runner::ShellCommand& command) {
  command.adjust = [this](os::ProcessOptions& options) {
    if (isolation_) {
      isolation_->wrap(options);
    }
    if (trace_) {
      trace_->observe(options);
    }
  };
}

std::optional<runner::TraceReport> StageFrame::finish_trace() {
  return trace_ ? std::optional(trace_->finish()) : std::nullopt;
}

Status StageFrame::bring_outs_back(const pipeline::Stage& stage, const std::atomic<bool>& stop) const {
  return isolation_ ? ops::bring_outs_back(*isolation_, stage, stop) : Status();
}

std::optional<StageIsolation> StageFrame::isolation() const {
  return isolation_ ? std::optional(StageIsolation{isolation_->boxed(), isolation_->why_not_boxed()})
                    : std::nullopt;
}

}  // namespace cairn::ops
