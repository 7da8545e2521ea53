// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/context.h"

namespace cairn::ops {

/// What Git gives to a merge driver: three files, relative to the folder where it runs, and the path of what
/// is merged in the repository.
struct MergeCall {
  std::string base;  ///< empty where there is none
  std::string ours;  ///< the result is written here
  std::string theirs;
  unsigned marker_size = 7;  ///< of conflict markers; Git takes longer ones where it merges ancestors
  std::string path;
};

/// Merges a pointer or a cairn.lock, without any network, and without touching data. True when it is merged,
/// false when it is in conflict: then `ours` has markers, and the log names each path. What cannot be merged
/// at all (a folder object or the store is missing, a side cannot be read) is in conflict as a whole, and the
/// log says why. Folders that are made are durable before `ours` is written. Errors: a file that Git gave
/// cannot be read or written.
Result<bool> merge_for_git(const MergeCall& call, const std::string& folder, const Context& context);

}  // namespace cairn::ops
