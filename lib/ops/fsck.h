// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "project/tracked.h"
#include "store/verify.h"

namespace cairn::ops {

struct FsckOptions {
  store::VerifyDepth depth = store::VerifyDepth::data;
  bool rebuild_index = false;
};

/// A tracked path whose content is not, or not wholly, in the store.
struct IncompletePath {
  std::string path;
  std::string declared_in;
  std::uint64_t missing = 0;  ///< entries that are not there
};

struct FsckReport {
  store::VerifyReport store;
  std::uint64_t tracked = 0;
  std::vector<IncompletePath> incomplete;
  bool rebuilt = false;
};

/// Checks the store (with rebuild_index it first makes the index anew from the packs), then that all that the
/// workspace's pointers and locks name is there. Damage is reported, never an error; nothing but the index is
/// changed.
Result<FsckReport> fsck(project::Workspace& workspace, project::LockReader read_lock,
                        const FsckOptions& options, const Context& context);

}  // namespace cairn::ops
