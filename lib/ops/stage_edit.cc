// SPDX-License-Identifier: Apache-2.0
#include "ops/stage_edit.h"

#include "ops/stage_definition.h"
#include "os/path.h"

namespace cairn::ops {

Result<FileEdit> add_stage(project::Workspace& workspace, const std::string& folder,
                           const pipeline::StageDraft& draft, pipeline::Overwrite overwrite, Write write) {
  CAIRN_TRY_ASSIGN(PipelineEditor editor, PipelineEditor::open(workspace));
  CAIRN_TRY(editor.apply(os::join(folder, pipeline::kPipelineFile), [&](const text::Document& document) {
    return pipeline::add_stage(document, draft, overwrite, editor.surroundings());
  }));
  CAIRN_TRY_ASSIGN(std::vector<FileEdit> files, editor.finish(write));
  return std::move(files.front());
}

Result<StageEditReport> edit_stage(project::Workspace& workspace, const std::string& target,
                                   const std::string& folder, const pipeline::StageChanges& changes,
                                   Write write) {
  StageEditReport report;
  CAIRN_TRY_ASSIGN(PipelineEditor editor, PipelineEditor::open(workspace));
  CAIRN_TRY_ASSIGN(Definition stage, find_definition(editor.files(), target, folder));
  const std::string name =
      stage.member.empty() ? stage.name : stage.member.substr(stage.member.rfind(':') + 1);
  CAIRN_TRY_ASSIGN(const bool changed, editor.apply(stage.file, [&](const text::Document& document) {
    return pipeline::edit_stage(document, name, changes, editor.surroundings());
  }));
  report.stages.push_back({std::move(stage), changed});
  CAIRN_TRY_ASSIGN(report.files, editor.finish(write));
  return report;
}

Result<StageEditReport> set_frozen(project::Workspace& workspace, const std::vector<std::string>& targets,
                                   const std::string& folder, pipeline::Frozen frozen, Write write) {
  StageEditReport report;
  CAIRN_TRY_ASSIGN(PipelineEditor editor, PipelineEditor::open(workspace));
  for (const std::string& target : targets) {
    CAIRN_TRY_ASSIGN(Definition stage, find_definition(editor.files(), target, folder));
    CAIRN_TRY_ASSIGN(const bool changed, editor.apply(stage.file, [&](const text::Document& document) {
      return pipeline::set_frozen(document, stage.name, frozen, editor.surroundings());
    }));
    report.stages.push_back({std::move(stage), changed});
  }
  CAIRN_TRY_ASSIGN(report.files, editor.finish(write));
  return report;
}

}  // namespace cairn::ops
