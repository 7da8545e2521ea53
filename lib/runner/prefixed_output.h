// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <thread>

#include "os/fd.h"

namespace cairn::runner {

/// A pipe whose lines are handed on one by one, for commands that run at once: lines then never mix. The last
/// line may lack its newline. Reading goes on until every writer has closed the pipe or close() is called.
class PrefixedOutput {
 public:
  /// `line` is called from a thread of the pipe's own, without the newline.
  static Result<PrefixedOutput> open(std::function<void(std::string_view line)> line);
  PrefixedOutput(PrefixedOutput&&) = default;
  PrefixedOutput& operator=(PrefixedOutput&&) = delete;
  ~PrefixedOutput();

  /// What the command writes to.
  [[nodiscard]] int fd() const { return write_end_.get(); }
  /// Hands on what is left. Processes that the command left in the background lose their output from here on.
  void close();

 private:
  PrefixedOutput(os::Fd write_end, os::Fd stop_write_end, std::thread reader)
      : write_end_(std::move(write_end)),
        stop_write_end_(std::move(stop_write_end)),
        reader_(std::move(reader)) {}

  os::Fd write_end_;
  os::Fd stop_write_end_;
  std::thread reader_;
};

}  // namespace cairn::runner
