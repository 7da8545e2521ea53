// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/commit_diff.h"
#include "pipeline/lock.h"
#include "pipeline/stage_diff.h"
#include "project/tree_changes.h"
#include "project/workspace.h"
#include "report/content_change.h"
#include "report/value_diff.h"
#include "version/environment_diff.h"

/// What differs between two committed states of a project, for people: each change is told once, where it
/// says most, and what only follows from it (the digests in pointers and locks) is not.
namespace cairn::ops {

/// One of the two states.
struct DiffSide {
  std::string name;  ///< as given
  git::Oid commit;
};

/// A file that Git tracks and of which no other part of the diff tells.
struct CodeChange {
  project::ChangeKind kind = project::ChangeKind::modified;
  std::string path;
  std::string old_path;  ///< of a rename: the same content
  git::LineCounts lines;
  bool mode = false;  ///< its kind or executable bit changed
};

enum class Presence : std::uint8_t { added, removed, changed };

/// A stage as cairn.yaml defines it.
struct DefinitionChange {
  Presence kind = Presence::changed;
  std::string stage;                                   ///< address
  std::vector<pipeline::StageDifference> differences;  ///< of a changed one
};

/// A seed of a stage that both sides have.
struct SeedChange {
  std::string stage;
  std::optional<pipeline::Seed> before;
  std::optional<pipeline::Seed> after;
};

/// Data: of a pointer, an out of a stage, or a dep that neither Git nor cairn keeps.
struct DataChange {
  project::ChangeKind kind = project::ChangeKind::modified;
  std::string path;
  std::string old_path;  ///< of a rename
  std::string stage;     ///< of an out: address of the stage that makes it
  std::optional<pipeline::PathState> before;
  std::optional<pipeline::PathState> after;
  std::vector<project::FileChange> files;        ///< of a folder: what differs in it; project paths
  std::optional<report::ContentChange> content;  ///< of a modified one, where the store here knows both sides
};

/// What a stage, or several in the same way, ran in: as recorded in its lock.
struct SurroundingsChange {
  std::vector<std::string> stages;
  std::vector<version::EnvironmentChange> changes;
  bool unknown = false;  ///< the records differ, but one is not in the store here
};

struct VersionDiff {
  DiffSide before;
  DiffSide after;
  std::vector<CodeChange> code = {};            ///< by path
  std::vector<DefinitionChange> pipeline = {};  ///< by address
  std::vector<DataChange> data = {};            ///< by path
  std::vector<DataChange> outs = {};            ///< by path; those that `metrics` tells of are not here
  std::vector<report::DocumentDiff> params = {};
  std::vector<SeedChange> seeds = {};
  std::vector<SurroundingsChange> environment = {};
  std::vector<report::DocumentDiff> metrics = {};
  std::vector<Error> errors = {};  ///< what could not be read; the rest is told

  /// Whether all parts are empty.
  [[nodiscard]] bool is_empty() const;
};

/// Compares two versions, aliases, experiments or revisions; `after` "" is HEAD. The workspace is not looked
/// at. Errors: `not_found` for an unknown name, bad files in either commit. Cost: reads the Git trees,
/// pointers and locks that differ, and the pipeline files of both.
Result<VersionDiff> diff_versions(project::Workspace& workspace, const std::string& before,
                                  const std::string& after);

}  // namespace cairn::ops
