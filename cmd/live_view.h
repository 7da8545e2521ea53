// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "pipeline/watcher.h"
#include "terminal.h"

namespace cairn::cmd {

/// Shows what stages do on a terminal that can be drawn on: a line for each stage that runs or waits, with
/// its name, time, and last line of output; what is finished scrolls by above them, of a failed stage with
/// the end of its output. With -v all output scrolls by.
class LiveView : public pipeline::Watcher, public StatusSource {
 public:
  explicit LiveView(Terminal& terminal);
  ~LiveView() override;
  LiveView(const LiveView&) = delete;
  LiveView& operator=(const LiveView&) = delete;

  void started(const pipeline::Stage& stage, unsigned attempt) override;
  void line(const pipeline::Stage& stage, std::string_view text, pipeline::LineState state) override;
  void waiting(const pipeline::Stage& stage, std::string_view why) override;
  void finished(const pipeline::Stage& stage, const pipeline::StageReport& report) override;

  std::vector<std::string> status_lines(unsigned width, unsigned rows) override;

 private:
  using Clock = std::chrono::steady_clock;
  struct Row {
    const pipeline::Stage* stage = nullptr;
    std::string name;
    bool runs = false;  ///< else it waits
    Clock::time_point since;
    std::string text;              ///< last line, or why it waits; safe to show
    std::deque<std::string> tail;  ///< its last whole lines
  };

  Row& row_of(const pipeline::Stage& stage);

  Terminal& terminal_;
  std::mutex mutex_;
  std::vector<Row> rows_;  ///< in the order in which they came
};

}  // namespace cairn::cmd
