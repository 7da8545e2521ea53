// SPDX-License-Identifier: Apache-2.0
#include "ops/environment_links.h"

#include "os/path.h"
#include "project/root_files.h"

namespace cairn::ops {
namespace {

/// What cannot be read is not the same.
bool same_file(const project::Workspace& tree, const project::Workspace& original, const std::string& path) {
  auto here = project::find_text(tree.files(), path);
  auto there = project::find_text(original.files(), path);
  return here.ok() && there.ok() && *here == *there;
}

Status link_folder(const project::Workspace& tree, const project::Workspace& original,
                   const PackageFolder& folder) {
  CAIRN_TRY_ASSIGN(auto there, original.files().find_stat(folder.path));
  CAIRN_TRY_ASSIGN(auto here, tree.files().find_stat(folder.path));
  if (!there || here || (!folder.lock.empty() && !same_file(tree, original, folder.lock))) {
    return {};
  }
  CAIRN_TRY(tree.files().make_folder(os::parent_of(folder.path)));
  return tree.files().make_symlink(folder.path, os::join(original.paths().root, folder.path));
}

}  // namespace

std::vector<PackageFolder> package_folders(const pipeline::EnvironmentSpec& environment) {
  std::vector<PackageFolder> folders;
  if (environment.python && environment.python->is_venv) {
    folders.push_back({"python", environment.python->interpreter, ""});
  }
  if (environment.conda && !environment.conda->prefix.empty()) {
    folders.push_back({"conda", environment.conda->prefix, ""});
  }
  if (environment.uv) {
    folders.push_back({"uv", os::join(*environment.uv, ".venv"), os::join(*environment.uv, "uv.lock")});
  }
  if (environment.node) {
    folders.push_back(
        {"node", os::join(os::parent_of(*environment.node), "node_modules"), *environment.node});
  }
  return folders;
}

Status link_environments(const project::Workspace& tree, const project::Workspace& original,
                         const pipeline::Graph& graph, const std::vector<pipeline::StageIndex>& stages) {
  for (pipeline::StageIndex index : stages) {
    const auto& environment = graph.stage(index).environment;
    for (const PackageFolder& folder :
         environment ? package_folders(*environment) : std::vector<PackageFolder>()) {
      CAIRN_TRY(link_folder(tree, original, folder));
    }
  }
  return {};
}

}  // namespace cairn::ops
