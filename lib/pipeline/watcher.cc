// SPDX-License-Identifier: Apache-2.0
#include "pipeline/watcher.h"

namespace cairn::pipeline {

void Watcher::begun(std::size_t stages, unsigned jobs) {
  (void)stages;
  (void)jobs;
}

void Watcher::started(const Stage& stage, unsigned attempt) {
  (void)stage;
  (void)attempt;
}

void Watcher::line(const Stage& stage, std::string_view text, LineState state) {
  (void)stage;
  (void)text;
  (void)state;
}

void Watcher::waiting(const Stage& stage, std::string_view why) {
  (void)stage;
  (void)why;
}

void Watcher::finished(const Stage& stage, const StageReport& report) {
  (void)stage;
  (void)report;
}

}  // namespace cairn::pipeline
