// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <thread>

#include "os/fd.h"

namespace cairn::runner {

/// Where a command's output goes, stdout and stderr as they came. Threads: called by one thread of the tee.
class OutputSink {
 public:
  virtual ~OutputSink() = default;
  /// The bytes as the command wrote them, all of them, in pieces of any size.
  virtual void raw(std::string_view bytes) = 0;
  /// A line that has ended, for people: without its newline, and of one that was overwritten after carriage
  /// returns only what stands there at last. The last line may lack its newline. What is longer than kMaxLine
  /// comes in pieces. May hold any byte but a newline.
  virtual void line(std::string_view text) = 0;
  /// The line that has not ended yet, as it stands after a piece: progress bars, prompts.
  virtual void unfinished(std::string_view text) = 0;
};

/// A pipe for a command's output that hands on what is written to it. Reading goes on until every writer has
/// closed the pipe or close() is called. Cost: a thread, and about 80 KiB of memory.
class OutputTee {
 public:
  static constexpr std::size_t kMaxLine = 1u << 16;

  /// `sink` outlives the tee.
  static Result<OutputTee> open(OutputSink& sink);
  OutputTee(OutputTee&&) = default;
  OutputTee& operator=(OutputTee&&) = delete;
  ~OutputTee();

  /// What the command writes to.
  [[nodiscard]] int fd() const { return write_end_.get(); }
  /// Hands on what is left; the sink is not called after it. Processes that the command left in the
  /// background lose their output from here on.
  void close();

 private:
  OutputTee(os::Fd write_end, os::Fd stop_write_end, std::thread reader)
      : write_end_(std::move(write_end)),
        stop_write_end_(std::move(stop_write_end)),
        reader_(std::move(reader)) {}

  os::Fd write_end_;
  os::Fd stop_write_end_;
  std::thread reader_;
};

}  // namespace cairn::runner
