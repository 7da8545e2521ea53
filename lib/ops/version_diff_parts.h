// SPDX-License-Identifier: Apache-2.0
// Steps of diff_versions. Internal to lib/ops.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "ops/snapshot.h"
#include "ops/version_diff.h"

namespace cairn::ops {

/// What Git has otherwise in the two commits, by what it is. Paths from the project root.
struct ChangedFiles {
  std::vector<git::TreeChange> pointers;
  std::vector<git::TreeChange> locks;
  std::vector<git::TreeChange> pipelines;  ///< cairn.yaml
  std::vector<git::TreeChange> others;
};
Result<ChangedFiles> find_changed_files(project::Workspace& workspace, const git::Oid& before,
                                        const git::Oid& after);

/// Both sides of a cairn.lock; an empty lock where there is none.
struct LockPair {
  std::string folder;
  pipeline::Lock before;
  pipeline::Lock after;
};
/// Reads the locks that differ. Those that cannot be read are told in `errors`.
Result<std::vector<LockPair>> read_lock_pairs(git::Repository& git, const std::vector<git::TreeChange>& locks,
                                              std::vector<Error>& errors);

/// Data of pointers that differ. Pointers whose data is the same go to `same`.
Result<std::vector<DataChange>> diff_pointers(git::Repository& git,
                                              const std::vector<git::TreeChange>& pointers,
                                              std::vector<git::TreeChange>& same, std::vector<Error>& errors);
std::vector<DataChange> diff_outs(const std::vector<LockPair>& locks);
/// Deps of stages that differ and of which nothing in `told` tells: no path at, in or around them.
std::vector<DataChange> diff_other_deps(const std::vector<LockPair>& locks,
                                        const std::set<std::string>& told);
/// Says of modified data which files and how much of it differ, as far as the store here knows.
Status describe_content(project::Workspace& workspace, std::vector<DataChange>& changes,
                        std::vector<Error>& errors);

/// Puts stages and seeds that differ into `diff`, and the cairn.yaml files that define them into `told`.
Status diff_definitions(Snapshot& before, Snapshot& after, VersionDiff& diff, std::set<std::string>& told);

/// Recorded environments and tracked variables of stages that both sides have.
Result<std::vector<SurroundingsChange>> diff_surroundings(project::Workspace& workspace,
                                                          const std::vector<LockPair>& locks);

/// These files line by line. A .gitignore in which only cairn's own lines differ is left out.
Result<std::vector<CodeChange>> diff_code(project::Workspace& workspace, const VersionDiff& diff,
                                          const std::vector<git::TreeChange>& files);

}  // namespace cairn::ops
