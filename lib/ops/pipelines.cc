// SPDX-License-Identifier: Apache-2.0
#include "ops/pipelines.h"

#include "os/path.h"
#include "pipeline/lock_outputs.h"
#include "project/root_files.h"
#include "project/tracked.h"

namespace cairn::ops {

Result<std::vector<pipeline::PipelineFile>> load_pipelines(project::Workspace& workspace) {
  CAIRN_TRY_ASSIGN(project::Declarations found,
                   project::find_declarations(workspace, pipeline::read_lock_outputs));
  std::vector<pipeline::PipelineFile> files;
  for (const std::string& path : found.pipelines) {
    CAIRN_TRY_ASSIGN(auto text, project::find_text(workspace.files(), path));
    CAIRN_TRY_ASSIGN(pipeline::PipelineFile file, pipeline::parse_pipeline(text.value_or(""), path));
    files.push_back(std::move(file));
  }
  return files;
}

Result<pipeline::Graph> load_graph(project::Workspace& workspace) {
  CAIRN_TRY_ASSIGN(auto files, load_pipelines(workspace));
  return pipeline::Graph::build(std::move(files));
}

Result<std::map<std::string, std::string, std::less<>>> stage_outputs(project::Workspace& workspace) {
  CAIRN_TRY_ASSIGN(auto files, load_pipelines(workspace));
  std::map<std::string, std::string, std::less<>> outputs;
  for (const pipeline::PipelineFile& file : files) {
    for (const pipeline::Stage& stage : file.stages) {
      for (const pipeline::Out& out : stage.outs) {
        outputs.emplace(out.path, stage.address());
      }
    }
  }
  return outputs;
}

Result<Locks> Locks::load(project::Workspace& workspace, const pipeline::Graph& graph) {
  Locks locks;
  for (pipeline::StageIndex i = 0; i < graph.size(); ++i) {
    std::string folder = graph.stage(i).folder();
    if (locks.files_.contains(folder)) {
      continue;
    }
    std::string path = os::join(folder, pipeline::kLockFile);
    CAIRN_TRY_ASSIGN(auto text, project::find_text(workspace.files(), path));
    File file;
    if (text) {
      CAIRN_TRY_ASSIGN(file.lock, pipeline::parse_lock(*text, path));
    }
    locks.files_.emplace(std::move(folder), std::move(file));
  }
  return locks;
}

const pipeline::StageLock* Locks::find(const pipeline::Stage& stage) const {
  auto file = files_.find(stage.folder());
  return file == files_.end() ? nullptr : file->second.lock.find(stage.name);
}

void Locks::put(const pipeline::Stage& stage, pipeline::StageLock block) {
  File& file = files_[stage.folder()];
  const pipeline::StageLock* present = file.lock.find(stage.name);
  if (present == nullptr || !(*present == block)) {
    file.lock.put(std::move(block));
    file.changed = true;
  }
}

Status Locks::save(project::Workspace& workspace) {
  for (auto& [folder, file] : files_) {
    if (file.changed) {
      std::string path = os::join(workspace.paths().root, os::join(folder, pipeline::kLockFile));
      CAIRN_TRY(os::write_if_changed(path, as_bytes(pipeline::write_lock(file.lock, folder))));
      file.changed = false;
    }
  }
  return {};
}

}  // namespace cairn::ops
