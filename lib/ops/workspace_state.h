// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "ops/glob_walk.h"
#include "ops/recorder.h"
#include "pipeline/code.h"
#include "pipeline/inputs.h"
#include "project/scan.h"
#include "project/workspace.h"

namespace cairn::ops {

/// Looks at what a stage's commands run in. Threads: as WorkspaceState.
class EnvironmentProbe {
 public:
  virtual ~EnvironmentProbe() = default;
  /// The record of the environment that the stage declares, as it is now; nothing for a stage without. What
  /// may not be looked at counts as `block`, what is recorded of the stage (null: nothing), has it.
  virtual Result<std::optional<store::Object>> object(const pipeline::Stage& stage,
                                                      const pipeline::StageLock* block) = 0;
};

/// The workspace as stages see it: contents of paths, values of params, files that Git tracks; each found out
/// once and remembered until forget(). Not thread-safe.
class WorkspaceState {
 public:
  /// Without a probe (null) the environment that a stage's block records counts as unchanged.
  WorkspaceState(project::Workspace& workspace, const Context& context, EnvironmentProbe* probe = nullptr)
      : workspace_(workspace), context_(context), probe_(probe), globs_(workspace, context) {}

  /// What stands at a path now; nothing where nothing does. In a folder that cairn does not keep, files that
  /// Git ignores do not count, but for what cairn keeps there, and neither do folders without files.
  Result<std::optional<pipeline::PathState>> path(const std::string& path);
  /// A whole params file; nothing when it is missing. The pointer holds until forget().
  Result<const text::Value*> params(const std::string& file);
  /// The index of Git; empty without Git.
  Result<const pipeline::TrackedFiles*> tracked_files();
  /// Everything that a stage is judged by; `block` is what is recorded of it, null for nothing. A dep or code
  /// file that is a symlink counts as what it points to; one that leads out of the project is `conflict`,
  /// with the dep's place. What a dep's glob matches does not count where Git ignores it and cairn does not
  /// keep it, and neither does what the stage writes itself.
  Result<pipeline::Inputs> inputs(const pipeline::Stage& stage, const pipeline::StageLock* block);
  /// Stores the folder objects (not the files) of folder deps that cairn does not keep, so that compare() can
  /// name what changed in them later.
  Status keep_trees(const pipeline::Stage& stage, Recorder& recorder);
  /// What differs in a folder between the state `was` and now, as "modified data/a.csv", sorted by path;
  /// empty when it is unknown.
  Result<std::vector<std::string>> compare(const std::string& path, const pipeline::PathState& was);

  /// From now on, until forget(), as if this stood at the path.
  void assume(const std::string& path, const pipeline::PathState& state);
  /// What is remembered of a path, of what is inside it, and of what it is inside of, may have changed.
  void forget(const std::string& path);
  /// The same of all that a dep or an out stands for.
  void forget(const pipeline::Dep& dep);
  void forget(const pipeline::Out& out);

 private:
  Result<std::vector<pipeline::FoundPath>> find_code(const pipeline::Stage& stage);
  Result<std::vector<pipeline::FoundPath>> find_deps(const pipeline::Stage& stage);
  Result<std::vector<pipeline::FoundPath>> find_outs(const pipeline::Stage& stage);
  Result<std::vector<std::string>> counted_matches(const pipeline::Stage& stage, const pipeline::Dep& dep);
  Result<bool> counts(const std::string& path);
  /// As path(), of what symlinks lead to.
  Result<std::optional<pipeline::PathState>> followed(const std::string& path);
  [[nodiscard]] const std::string& real_path(const std::string& path) const;
  /// What counts at a path, with all ids known.
  Result<std::optional<project::Scan>> scan(const std::string& path);

  project::Workspace& workspace_;
  const Context& context_;
  EnvironmentProbe* probe_;
  GlobWalk globs_;
  std::map<std::string, std::string, std::less<>> links_;  // paths that symlinks lead elsewhere, and where
  std::map<std::string, std::optional<pipeline::PathState>, std::less<>> paths_;
  std::map<std::string, std::optional<text::Value>, std::less<>> params_;
  std::unique_ptr<pipeline::TrackedFiles> tracked_;
};

}  // namespace cairn::ops
