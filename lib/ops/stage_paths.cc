// SPDX-License-Identifier: Apache-2.0
#include "ops/stage_paths.h"

#include <algorithm>

#include "ops/follow_links.h"
#include "os/path.h"

namespace cairn::ops {
namespace {

using pipeline::Stage;

Result<std::vector<std::string>> those_there(project::Workspace& workspace,
                                             const std::vector<std::string>& paths) {
  std::vector<std::string> there;
  for (const std::string& path : paths) {
    CAIRN_TRY_ASSIGN(const auto stat, workspace.files().find_stat(path));
    if (stat) {
      there.push_back(path);
    }
  }
  return there;
}

/// Whether the path, which was found for an out, is one that the command finds.
bool persists(const Stage& stage, const pipeline::FoundPath& found) {
  return std::any_of(stage.outs.begin(), stage.outs.end(), [&found](const pipeline::Out& out) {
    return out.persist && out.path == (out.glob ? found.glob : found.path);
  });
}

}  // namespace

EnvironmentPaths environment_paths(const Stage& stage) {
  EnvironmentPaths paths;
  if (!stage.environment) {
    return paths;
  }
  const pipeline::EnvironmentSpec& spec = *stage.environment;
  paths.files = spec.files;
  if (spec.python) {
    paths.files.insert(paths.files.end(), spec.python->files.begin(), spec.python->files.end());
    if (spec.python->is_venv) {
      paths.folders.push_back(spec.python->interpreter);
    }
  }
  if (spec.conda && !spec.conda->file.empty()) {
    paths.files.push_back(spec.conda->file);
  }
  if (spec.conda && !spec.conda->prefix.empty()) {
    paths.folders.push_back(spec.conda->prefix);
  }
  if (spec.uv) {
    for (const char* name : {"uv.lock", "pyproject.toml"}) {
      paths.files.push_back(os::join(*spec.uv, name));
    }
    paths.folders.push_back(os::join(*spec.uv, ".venv"));
  }
  if (spec.node) {
    const std::string folder(os::parent_of(*spec.node));
    paths.files.push_back(*spec.node);
    paths.files.push_back(os::join(folder, "package.json"));
    paths.folders.push_back(os::join(folder, "node_modules"));
  }
  return paths;
}

Result<StagePaths> stage_paths(project::Workspace& workspace, WorkspaceState& state, const Stage& stage,
                               const pipeline::StageLock& wanted) {
  CAIRN_TRY_ASSIGN(const pipeline::Inputs inputs, state.inputs(stage, &wanted));
  const EnvironmentPaths environment = environment_paths(stage);
  StagePaths paths;
  paths.declared = pipeline::declared_by(stage, inputs);
  std::vector<std::string> named = std::move(paths.declared.inputs);
  named.insert(named.end(), environment.files.begin(), environment.files.end());
  paths.declared.inputs.clear();
  for (const std::string& path : named) {
    CAIRN_TRY_ASSIGN(const std::vector<std::string> all, with_links(workspace, path));
    paths.declared.inputs.insert(paths.declared.inputs.end(), all.begin(), all.end());
  }
  CAIRN_TRY_ASSIGN(paths.environment_folders, those_there(workspace, environment.folders));
  std::vector<std::string> needed = paths.declared.inputs;
  for (const pipeline::FoundPath& out : inputs.outs) {
    if (out.state && persists(stage, out)) {
      needed.push_back(out.path);
    }
  }
  CAIRN_TRY_ASSIGN(paths.needed, those_there(workspace, needed));
  return paths;
}

}  // namespace cairn::ops
