// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "terminal.h"

namespace cairn::cmd {

/// Draws on stderr while it lives, at most ten times a second: the terminal's status source and, from half a
/// second on, a Progress with rate and time left. Does nothing when the terminal cannot be drawn on.
class ProgressLine {
 public:
  ProgressLine(Terminal& terminal, const Progress& progress);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

 private:
  void draw_until_done();

  Terminal& terminal_;
  const Progress& progress_;
  std::mutex mutex_;
  std::condition_variable done_changed_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace cairn::cmd
