// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "project/tracked.h"
#include "project/workspace.h"
#include "remote/remote_index.h"

namespace cairn::ops {

/// The remotes on which tracked data was found whole: every tree, recipe and chunk of it is in their indexes,
/// in packs that are listed and long enough, and a pushed commit names it, so that no collection there takes
/// it.
class DropProof {
 public:
  /// Asks the remote of each path (`name` in place of core.remote, if it is not ""). Errors: `conflict` names
  /// what is not whole there, in no commit that was pushed there, or never pushed, with what to do;
  /// `unsupported` where the remote cannot be listed. Cost: each remote's index and a look-up for each entry;
  /// no chunk is read. Of pushed commits HEAD is looked at first, and all others only where it does not name
  /// everything.
  static Result<DropProof> find(project::Workspace& workspace, const std::vector<project::Tracked>& tracked,
                                const std::string& name, const Context& context);

  /// True when one of these remotes has the entry.
  [[nodiscard]] bool has(const store::Key& key) const;

 private:
  std::vector<remote::RemoteIndex> indexes_;
};

}  // namespace cairn::ops
