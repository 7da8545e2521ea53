// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "pipeline/code.h"
#include "pipeline/inputs.h"
#include "project/scan.h"
#include "project/workspace.h"

namespace cairn::ops {

/// The workspace as stages see it: contents of paths, values of params, files that Git tracks; each found out
/// once and remembered until forget(). Not thread-safe.
class WorkspaceState {
 public:
  WorkspaceState(project::Workspace& workspace, const Context& context)
      : workspace_(workspace), context_(context) {}

  /// What stands at a path now; nothing where nothing does. In a folder that cairn does not keep, files that
  /// Git ignores do not count, but for what cairn keeps there, and neither do folders without files.
  Result<std::optional<pipeline::PathState>> path(const std::string& path);
  /// A whole params file; nothing when it is missing. The pointer holds until forget().
  Result<const text::Value*> params(const std::string& file);
  /// The index of Git; empty without Git.
  Result<const pipeline::TrackedFiles*> tracked_files();
  /// Everything that a stage is judged by.
  Result<pipeline::Inputs> inputs(const pipeline::Stage& stage);
  /// Stores the folder objects (not the files) of folder deps that cairn does not keep, so that compare() can
  /// name what changed in them later.
  Status keep_trees(const pipeline::Stage& stage);
  /// What differs in a folder between the state `was` and now, as "modified data/a.csv", sorted by path;
  /// empty when it is unknown.
  Result<std::vector<std::string>> compare(const std::string& path, const pipeline::PathState& was);

  /// What is remembered of a path, of what is inside it, and of what it is inside of, may have changed.
  void forget(const std::string& path);

 private:
  Status fill(std::vector<pipeline::FoundPath>& found);
  /// What counts at a path, with all ids known.
  Result<std::optional<project::Scan>> scan(const std::string& path);

  project::Workspace& workspace_;
  const Context& context_;
  std::map<std::string, std::optional<pipeline::PathState>, std::less<>> paths_;
  std::map<std::string, std::optional<text::Value>, std::less<>> params_;
  std::unique_ptr<pipeline::TrackedFiles> tracked_;
};

}  // namespace cairn::ops
