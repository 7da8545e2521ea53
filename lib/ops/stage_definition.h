// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/stage_edit.h"
#include "ops/workspace_surroundings.h"

namespace cairn::ops {

/// What a target of an edit means (see ops::edit_stage). Internal to the edits. Errors: `not_found`; `usage`
/// for a name that several files have.
Result<Definition> find_definition(const std::vector<pipeline::PipelineFile>& files,
                                   const std::string& target, const std::string& folder);

/// Applies edits to files of the project, each on top of the one before, then checks and writes them all.
class PipelineEditor {
 public:
  static Result<PipelineEditor> open(project::Workspace& workspace);

  [[nodiscard]] const std::vector<pipeline::PipelineFile>& files() const { return files_; }
  [[nodiscard]] pipeline::Surroundings& surroundings() { return surroundings_; }

  /// `edit` gets the file's text with its name and gives the new one. True if that is another.
  template <class Edit>
  Result<bool> apply(const std::string& file, Edit edit) {
    CAIRN_TRY_ASSIGN(FileEdit * one, find(file));
    CAIRN_TRY_ASSIGN(std::string after, edit(text::Document{one->after, one->path}));
    const bool changed = after != one->after;
    one->after = std::move(after);
    return changed;
  }

  /// The graph with all edits.
  Status check();
  /// The edits, after check().
  Result<std::vector<FileEdit>> finish(Write write);

 private:
  explicit PipelineEditor(project::Workspace& workspace) : workspace_(workspace), surroundings_(workspace) {}
  Result<FileEdit*> find(const std::string& file);

  project::Workspace& workspace_;
  std::vector<pipeline::PipelineFile> files_;
  WorkspaceSurroundings surroundings_;
  std::vector<FileEdit> edits_;
};

}  // namespace cairn::ops
