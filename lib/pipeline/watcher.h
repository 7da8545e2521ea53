// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace cairn::pipeline {

struct Stage;
struct StageReport;

/// Whether a line of a command's output has ended.
enum class LineState : unsigned char { whole, unfinished };

/// Is told what the stages of a run do, as it happens. Threads: called from several, never by two at once. A
/// call holds up the stages that have something to tell, so it should be short. Does nothing by default.
class Watcher {
 public:
  virtual ~Watcher() = default;
  /// Comes first: how many stages were selected, and how many may run at once.
  virtual void begun(std::size_t stages, unsigned jobs);
  /// The stage's command is about to be run, for the `attempt`-th time (from 1).
  virtual void started(const Stage& stage, unsigned attempt);
  /// A line of its output without the newline, or the last line as it stands so far. May hold any byte.
  virtual void line(const Stage& stage, std::string_view text, LineState state);
  /// The stage has to run but cannot yet; `why` is "for 2 CPUs" or "4 s, then tries again".
  virtual void waiting(const Stage& stage, std::string_view why);
  /// What became of the stage, durably. Not called for stages that the run did not come to.
  virtual void finished(const Stage& stage, const StageReport& report);
};

}  // namespace cairn::pipeline
