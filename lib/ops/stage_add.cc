// SPDX-License-Identifier: Apache-2.0
#include "ops/stage_add.h"

#include <algorithm>

#include "ops/workspace_surroundings.h"
#include "os/path.h"
#include "project/root_files.h"

namespace cairn::ops {

Result<std::string> add_stage(project::Workspace& workspace, const std::string& folder,
                              const pipeline::StageDraft& draft, pipeline::Overwrite overwrite) {
  std::string path = os::join(folder, pipeline::kPipelineFile);
  CAIRN_TRY_ASSIGN(auto text, project::find_text(workspace.files(), path));
  WorkspaceSurroundings surroundings(workspace);
  CAIRN_TRY_ASSIGN(std::string edited,
                   pipeline::add_stage(text.value_or(""), path, draft, overwrite, surroundings));
  CAIRN_TRY_ASSIGN(auto files, load_pipelines(workspace));
  std::erase_if(files, [&](const pipeline::PipelineFile& file) { return file.path == path; });
  CAIRN_TRY_ASSIGN(pipeline::PipelineFile file, pipeline::parse_pipeline(edited, path, surroundings));
  files.push_back(std::move(file));
  CAIRN_TRY(pipeline::Graph::build(std::move(files)));
  CAIRN_TRY(os::write_if_changed(os::join(workspace.paths().root, path), as_bytes(edited)));
  return path;
}

}  // namespace cairn::ops
