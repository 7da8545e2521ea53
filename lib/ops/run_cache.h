// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "pipeline/lock.h"

namespace cairn::ops {

/// Results of finished stages by stage key: an append-only log (docs/format/runs.md), shared by all
/// worktrees. It is the journal of `repro` too: a result is in it, durably, before anything relies on it, so
/// a run that is killed before cairn.lock was written loses nothing. Threads: serialised by the caller;
/// processes by a lock on the file.
class RunCache {
 public:
  /// `folder` is made when missing. A torn record at the end (a writer was killed) is left out.
  static Result<RunCache> open(const std::string& folder);

  /// Results under a key, oldest first, each different one once. Paths are relative to the project root;
  /// `stage_folder` is that of the stage's cairn.yaml.
  [[nodiscard]] std::vector<pipeline::StageLock> find(const store::Id& key,
                                                      const std::string& stage_folder) const;
  /// Appends a result, durably, unless it is there already.
  Status append(const store::Id& key, const std::string& stage_folder, const pipeline::StageLock& block);

 private:
  Status load();  // what was appended since the last time
  void read_records(Bytes bytes);

  std::string path_;
  std::uint64_t end_ = 0;  // of the whole records read so far
  std::unordered_map<store::Id, std::vector<std::string>, codec::IdHash>
      records_;  // key to canonical locks of one block
};

}  // namespace cairn::ops
