// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codec/hash.h"
#include "pipeline/key.h"
#include "version/run_record.h"

namespace cairn::version {

/// A run of the stage "sub/cairn.yaml:train" whose only out, sub/out.txt, has this content.
inline RunRecord sample_run(std::string_view content, std::string_view cmd = "cp in out.txt") {
  RunRecord run;
  run.stage = "sub/cairn.yaml:train";
  run.block.name = "train";
  run.block.cmd = cmd;
  run.block.shell = pipeline::kDefaultShell;
  run.block.wdir = "sub";
  pipeline::LockedOut out;
  out.path = "sub/out.txt";
  out.state.emplace().object = {store::Family::blob, codec::hash(as_bytes(content)), content.size()};
  run.block.outs.push_back(out);
  run.key = pipeline::stage_key(run.block, "sub");
  run.start_ms = 1'764'000'000'123;
  run.usage = {1'500'000, 1'200'000, 300'000, 4096, 10, 20};
  run.cairn = "1.2.3";
  return run;
}

}  // namespace cairn::version
