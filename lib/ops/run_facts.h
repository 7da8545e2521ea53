// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "project/workspace.h"
#include "version/run_record.h"

namespace cairn::ops {

/// What the records of all runs of one command share.
struct RunFacts {
  std::string commit;
  bool dirty = false;
  text::Value system;
  std::string folder;  ///< absolute path of the project
  std::string host;
  std::string user;
};

/// Cost: a stat of each file that Git tracks. What cannot be found out stays empty.
RunFacts find_run_facts(project::Workspace& workspace);

/// A record with the facts in it, which starts now.
version::RunRecord begin_record(const RunFacts& facts, const pipeline::Stage& stage,
                                const pipeline::StageLock& wanted, const store::Id& key);

}  // namespace cairn::ops
