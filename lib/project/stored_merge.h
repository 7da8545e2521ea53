// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "project/merge_pointers.h"
#include "project/workspace.h"

namespace cairn::project {

/// Merges pointers whose folders are in the store of a workspace, and stores the folders that it makes.
class StoredMerge {
 public:
  /// Both outlive it.
  StoredMerge(Workspace& workspace, const Context& context) : workspace_(workspace), context_(context) {}

  /// As merge_pointers. `not_found`: a folder object is not in the store; the hint says how to get it.
  Result<MergedPointer> merge(const PointerSides& sides, const Decide& decide);
  /// Makes the folders durable. To be called before a pointer that names one is written.
  Status commit();

 private:
  Status open();

  Workspace& workspace_;
  const Context& context_;
  std::optional<store::Reader> reader_;
  std::optional<store::Writer> writer_;
};

}  // namespace cairn::project
