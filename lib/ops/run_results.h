// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ops/pipelines.h"
#include "ops/recorder.h"
#include "remote/transfer.h"

namespace cairn::ops {

/// Results of earlier runs, looked up by stage key. Not thread-safe.
class RunResults {
 public:
  /// `remote`: where outs that are not here are fetched from; null for nowhere.
  RunResults(project::Workspace& workspace, const Locks& locks, Recorder& recorder,
             const remote::Remote* remote, const Context& context)
      : workspace_(workspace), locks_(locks), recorder_(recorder), remote_(remote), context_(context) {}

  /// The outs to use for a key, of those whose content is in the local store: what cairn.lock says, else what
  /// HEAD's cairn.lock says, else the oldest of the journal. With RunCache::no only the first. Nothing when
  /// there is none.
  enum class RunCache : std::uint8_t { no, yes };
  Result<std::optional<std::vector<pipeline::LockedOut>>> find(const pipeline::Stage& stage,
                                                               const store::Id& key, RunCache use);

  /// The first run in the journal that has this key and another result than `run`.
  Result<std::optional<version::RunPlace>> find_other(const version::EncodedRun& run);
  /// What to tell people of the two: the outs that differ, both ids, and how to compare them.
  Result<std::string> describe_other(const version::RunPlace& other, const version::RunRecord& run,
                                     const store::Id& id);

 private:
  Result<const pipeline::Lock*> head_lock(const std::string& folder);
  /// The outs of a block that has this key, if they are here or can be fetched.
  Result<std::optional<std::vector<pipeline::LockedOut>>> usable(const pipeline::Stage& stage,
                                                                 const pipeline::StageLock* block,
                                                                 const store::Id& key);
  Result<bool> fetch(const std::vector<pipeline::LockedOut>& outs);

  project::Workspace& workspace_;
  const Locks& locks_;
  Recorder& recorder_;
  const remote::Remote* remote_;
  const Context& context_;
  std::map<std::string, pipeline::Lock, std::less<>> head_locks_;  // by folder
};

}  // namespace cairn::ops
