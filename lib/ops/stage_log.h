// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/context.h"
#include "pipeline/stage.h"
#include "pipeline/watcher.h"

namespace cairn::ops {

/// Says line by line what stages in a work tree do, each line with a prefix. `log` outlives it.
class StageLog : public Log, public pipeline::Watcher {
 public:
  StageLog(Log& log, std::string prefix) : log_(log), prefix_(std::move(prefix)) {}

  void warn(std::string_view message) override { log_.warn(prefix_ + std::string(message)); }
  void info(std::string_view message) override { log_.info(prefix_ + std::string(message)); }
  void debug(std::string_view message) override { log_.debug(prefix_ + std::string(message)); }

  void started(const pipeline::Stage& stage, unsigned attempt) override;
  void line(const pipeline::Stage& stage, std::string_view text, pipeline::LineState state) override;
  void waiting(const pipeline::Stage& stage, std::string_view why) override;

 private:
  Log& log_;
  std::string prefix_;
};

}  // namespace cairn::ops
