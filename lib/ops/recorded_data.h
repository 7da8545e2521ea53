// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "pipeline/lock.h"
#include "project/scan.h"
#include "store/tree.h"

namespace cairn::ops {

/// Folders that were read, by id.
using KnownTrees = std::unordered_map<store::Id, store::Tree, codec::IdHash>;

/// The data that a project keeps, as its pointers and locks record it, whether it is in the workspace or not:
/// so stages can be judged where no data is, as in a fresh clone. What is asked of a folder whose tree is not
/// known is `not_found`.
class RecordedData {
 public:
  /// `recorded`: states by path, none inside another.
  RecordedData(std::map<std::string, pipeline::PathState, std::less<>> recorded, KnownTrees trees)
      : recorded_(std::move(recorded)), trees_(std::move(trees)) {}

  /// What would stand at a path that is one of these or inside one; nothing for any other.
  [[nodiscard]] Result<std::optional<pipeline::PathState>> find(std::string_view path) const;
  /// Those paths, or inside them, that a glob matches, as GlobWalk takes them.
  [[nodiscard]] Result<std::vector<std::string>> matches(const std::string& pattern) const;
  /// True for one of these paths, and for what is inside one.
  [[nodiscard]] bool holds(std::string_view path) const;
  /// True where some of it would stand inside a folder.
  [[nodiscard]] bool is_inside(const std::string& folder) const;
  /// Adds what would stand inside `folder` to the scan of it, in place of what the scan found there; makes
  /// one where the folder is not there.
  Status add_inside(const std::string& folder, std::optional<project::Scan>& scan) const;

 private:
  [[nodiscard]] Result<const store::Tree*> tree(const store::Id& id, std::string_view path) const;

  std::map<std::string, pipeline::PathState, std::less<>> recorded_;
  KnownTrees trees_;
};

}  // namespace cairn::ops
