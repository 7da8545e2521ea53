// SPDX-License-Identifier: Apache-2.0
#include "pipeline/lock_outputs.h"

#include <algorithm>

#include "os/path.h"
#include "pipeline/lock.h"

namespace cairn::pipeline {

Result<std::vector<project::Tracked>> read_lock_outputs(std::string_view text, std::string_view path) {
  CAIRN_TRY_ASSIGN(const Lock lock, parse_lock(text, path));
  std::vector<project::Tracked> outputs;
  for (const StageLock& block : lock.stages) {
    for (const LockedOut& out : block.outs) {
      if (!out.cached || !out.state.has_value()) {
        continue;
      }
      project::Tracked tracked;
      tracked.path = out.path;
      tracked.declared_in = path;
      tracked.source = project::Tracked::Source::lock;
      tracked.object = out.state->object;
      tracked.executable = out.state->executable;
      tracked.stage = block.name;
      tracked.push = out.push;
      tracked.remote = out.remote;
      outputs.push_back(std::move(tracked));
    }
  }
  std::sort(outputs.begin(), outputs.end(),
            [](const project::Tracked& a, const project::Tracked& b) { return a.path < b.path; });
  return outputs;
}

}  // namespace cairn::pipeline
