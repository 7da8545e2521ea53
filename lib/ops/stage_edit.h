// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ops/pipelines.h"
#include "pipeline/stage_edit.h"

/// Commands that edit cairn.yaml. Each checks the whole graph with the file as it would be before anything is
/// written; files are replaced atomically. REQUIRES: the caller holds workspace.lock() unless nothing is
/// written. Errors: as pipeline/stage_edit.h and Graph::build.
namespace cairn::ops {

enum class Write : std::uint8_t { no, yes };

/// A cairn.yaml as it was and as it is now, or would be.
struct FileEdit {
  std::string path;
  std::string before;
  std::string after;

  [[nodiscard]] bool changed() const { return before != after; }
};

/// A stage as a cairn.yaml defines it: one, or all of a foreach or matrix.
struct Definition {
  std::string file;
  std::string name;                  ///< its key in `stages`
  std::string member;                ///< the member of the group that was asked for, "" for the whole
  std::vector<std::string> members;  ///< of a group: addresses of all

  [[nodiscard]] std::string address() const;
};

/// Adds a stage to the cairn.yaml in `folder` (relative to the project root), which is made when missing.
Result<FileEdit> add_stage(project::Workspace& workspace, const std::string& folder,
                           const pipeline::StageDraft& draft, pipeline::Overwrite overwrite, Write write);

struct EditedStage {
  Definition definition;
  bool changed = false;  ///< its text is another now
};

struct StageEditReport {
  std::vector<EditedStage> stages;
  std::vector<FileEdit> files;  ///< each file once
};

/// Changes one stage. `target` is an address, or a name in `folder`'s cairn.yaml or one that is unique.
Result<StageEditReport> edit_stage(project::Workspace& workspace, const std::string& target,
                                   const std::string& folder, const pipeline::StageChanges& changes,
                                   Write write);

/// Freezes or thaws stages; a member of a group stands for the whole group.
Result<StageEditReport> set_frozen(project::Workspace& workspace, const std::vector<std::string>& targets,
                                   const std::string& folder, pipeline::Frozen frozen, Write write);

/// Whether stages go that others need.
enum class Needed : std::uint8_t { refuse, remove };

struct StageRemoveReport {
  StageEditReport edit;
  std::vector<std::string> needed_by;  ///< addresses of stages that read what the removed ones wrote
  std::vector<std::string> kept;       ///< outs whose data stay in the workspace, and Git sees from now on
};

/// Removes stages with their blocks in cairn.lock, and the lines of their outs in .gitignore; the outs stay,
/// as ordinary files. `conflict` when another stage needs one of them, unless `needed` is remove.
Result<StageRemoveReport> remove_stages(project::Workspace& workspace,
                                        const std::vector<std::string>& targets, const std::string& folder,
                                        Needed needed, Write write);

}  // namespace cairn::ops
