// SPDX-License-Identifier: Apache-2.0
#include "ops/pipelines.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "ops/stage_outs.h"
#include "ops/workspace_surroundings.h"
#include "os/path.h"
#include "pipeline/lock_outputs.h"
#include "project/git_files.h"
#include "project/root_files.h"
#include "project/tracked.h"

namespace cairn::ops {

namespace {

/// Several files' problems as one error.
Error join(const std::vector<Error>& errors) {
  std::string message;
  for (const Error& error : errors) {
    message += (message.empty() ? "" : "\n") + error.message();
  }
  return {errors.front().code(), std::move(message), errors.front().hint()};
}

Result<std::vector<pipeline::PipelineFile>> parse_files(project::Workspace& workspace,
                                                        const std::vector<std::string>& paths) {
  std::vector<pipeline::PipelineFile> files;
  std::vector<Error> errors;
  WorkspaceSurroundings surroundings(workspace);
  for (const std::string& path : paths) {
    CAIRN_TRY_ASSIGN(auto text, project::find_text(workspace.files(), path));
    auto file = pipeline::parse_pipeline(text.value_or(""), path, surroundings);
    if (file.ok()) {
      files.push_back(std::move(*file));
    } else {
      errors.push_back(file.error());
    }
  }
  if (!errors.empty()) {
    return join(errors);
  }
  return files;
}

/// Data with a pointer has one owner already: a stage must not write it.
Status check_pointers(const pipeline::Graph& graph, const std::vector<project::Tracked>& tracked) {
  std::vector<Error> errors;
  for (const project::Tracked& one : tracked) {
    std::optional<pipeline::StageIndex> maker = graph.maker_of(one.path);
    if (one.source == project::Tracked::Source::pointer && maker) {
      const pipeline::Stage& stage = graph.stage(*maker);
      errors.emplace_back(
          Code::conflict,
          fmt::format("{}:{}:{}: stage {} writes {}, which {} tracks already", escaped(stage.file),
                      stage.at.line, stage.at.column, quoted(graph.address(*maker)), quoted(one.path),
                      quoted(one.declared_in)),
          "take it out of 'outs', or run cairn remove " + escaped(one.declared_in));
    }
  }
  return errors.empty() ? Status() : Status(join(errors));
}

Result<project::Declarations> declarations(project::Workspace& workspace) {
  return project::find_declarations(workspace, pipeline::read_lock_outputs);
}

}  // namespace

Result<std::vector<pipeline::PipelineFile>> load_pipelines(project::Workspace& workspace) {
  CAIRN_TRY_ASSIGN(project::Declarations found, declarations(workspace));
  return parse_files(workspace, found.pipelines);
}

Result<pipeline::Graph> load_graph(project::Workspace& workspace) {
  CAIRN_TRY_ASSIGN(project::Declarations found, declarations(workspace));
  CAIRN_TRY_ASSIGN(auto files, parse_files(workspace, found.pipelines));
  CAIRN_TRY_ASSIGN(pipeline::Graph graph, pipeline::Graph::build(std::move(files)));
  CAIRN_TRY(check_pointers(graph, found.tracked));
  return graph;
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

namespace {

Result<pipeline::Lock> read_lock(project::Workspace& workspace, const std::string& folder) {
  std::string path = os::join(folder, pipeline::kLockFile);
  CAIRN_TRY_ASSIGN(auto text, project::find_text(workspace.files(), path));
  return text ? pipeline::parse_lock(*text, path) : pipeline::Lock();
}

std::string lock_path(project::Workspace& workspace, const std::string& folder) {
  return os::join(workspace.paths().root, os::join(folder, pipeline::kLockFile));
}

}  // namespace

Result<Locks> Locks::load(project::Workspace& workspace, const pipeline::Graph& graph) {
  Locks locks;
  for (const std::string& path : graph.files()) {
    CAIRN_TRY(locks.reload(workspace, std::string(os::parent_of(path))));
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
    file.changed.insert(stage.name);
  }
}

bool Locks::is_out_of_another(std::string_view path, const pipeline::Stage& stage) const {
  const auto holds = [path](const pipeline::LockedOut& out) { return os::is_within(path, out.path); };
  return std::any_of(files_.begin(), files_.end(), [&](const auto& file) {
    const bool same_folder = file.first == stage.folder();
    const std::vector<pipeline::StageLock>& blocks = file.second.lock.stages;
    return std::any_of(blocks.begin(), blocks.end(), [&](const pipeline::StageLock& block) {
      return !(same_folder && block.name == stage.name) &&
             std::any_of(block.outs.begin(), block.outs.end(), holds);
    });
  });
}

std::vector<pipeline::StageLock> Locks::take_gone(const pipeline::Graph& graph) {
  std::vector<pipeline::StageLock> gone;
  for (auto& entry : files_) {
    File& file = entry.second;
    const std::string yaml = os::join(entry.first, pipeline::kPipelineFile);
    std::erase_if(file.lock.stages, [&](const pipeline::StageLock& block) {
      const bool is_gone = !graph.find(pipeline::stage_address(yaml, block.name)).has_value();
      if (is_gone) {
        gone.push_back(block);
        file.changed.insert(block.name);
      }
      return is_gone;
    });
  }
  return gone;
}

bool Locks::changed() const {
  return std::any_of(files_.begin(), files_.end(),
                     [](const auto& entry) { return !entry.second.changed.empty(); });
}

Status Locks::reload(project::Workspace& workspace, const std::string& folder) {
  File& file = files_[folder];
  // Looked at before it is read: should it be replaced in between, it is read again.
  CAIRN_TRY_ASSIGN(const auto stat, os::find_stat(lock_path(workspace, folder)));
  if (stat && stat == file.stat) {
    return {};
  }
  CAIRN_TRY_ASSIGN(pipeline::Lock now, read_lock(workspace, folder));
  for (const std::string& name : file.changed) {
    if (const pipeline::StageLock* block = file.lock.find(name)) {
      now.put(*block);
    } else {
      now.remove(name);
    }
  }
  file.lock = std::move(now);
  file.stat = stat;
  return {};
}

Status Locks::save(project::Workspace& workspace) {
  for (auto& [folder, file] : files_) {
    if (file.changed.empty()) {
      continue;
    }
    CAIRN_TRY(reload(workspace, folder));
    CAIRN_TRY(project::write_git_file(workspace, os::join(folder, pipeline::kLockFile),
                                      as_bytes(pipeline::write_lock(file.lock, folder)),
                                      {0666, false, workspace.durability()}));
    CAIRN_TRY_ASSIGN(file.stat, os::find_stat(lock_path(workspace, folder)));
    file.changed.clear();
  }
  return {};
}

Status drop_gone_stages(project::Workspace& workspace, const pipeline::Graph& graph, Locks& locks) {
  std::vector<std::string> released;
  for (const pipeline::StageLock& block : locks.take_gone(graph)) {
    for (std::string& path : outs_to_release(block, nullptr)) {
      if (!graph.maker_of(path)) {
        released.push_back(std::move(path));
      }
    }
  }
  if (!locks.changed()) {
    return {};
  }
  CAIRN_TRY_ASSIGN(const os::FileLock held, workspace.lock());
  CAIRN_TRY(release_outs(workspace, released));
  return locks.save(workspace);
}

}  // namespace cairn::ops
