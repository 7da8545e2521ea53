// SPDX-License-Identifier: Apache-2.0
#include "base/escape.h"
#include "os/file.h"
#include "os/path.h"
#include "project/attributes.h"
#include "project/left_out.h"
#include "project/workspace.h"
#include "text/yaml_writer.h"

namespace cairn::project {
namespace {

std::string first_config() {
  text::Value core = text::Value::map();
  core.set("format", text::Value::integer(kRepositoryFormat));
  core.set("project", text::Value::string(os::random_name()));
  text::Value root = text::Value::map();
  root.set("core", std::move(core));
  return text::write_yaml(root);
}

Result<std::optional<git::Layout>> layout_for(const std::string& root, WithGit with_git) {
  CAIRN_TRY_ASSIGN(std::optional<git::Layout> layout, git::find_layout(root));
  if (layout && layout->bare) {
    layout.reset();
  }
  if (!layout && with_git == WithGit::required) {
    return Error(Code::no_repository, quoted(root) + " is not inside a Git work tree",
                 "run 'git init' first, or 'cairn init --no-git' for a project without Git");
  }
  return layout;
}

}  // namespace

Status init_project(const std::string& root, WithGit with_git) {
  CAIRN_TRY_ASSIGN(const std::string folder, real_folder(root));
  CAIRN_TRY_ASSIGN(const bool exists, is_project_root(folder));
  if (exists) {
    return Error(Code::exists, "there is a cairn project in " + quoted(folder) + " already", "cairn status");
  }
  CAIRN_TRY_ASSIGN(const std::optional<git::Layout> layout, layout_for(folder, with_git));
  CAIRN_TRY(layout ? check_left_out(*layout, folder) : Status());
  const ProjectPaths paths = project_paths(folder, layout);
  CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> own, os::find_stat(folder + "/.cairn"));
  if (own && own->kind != os::Kind::folder) {
    return Error(Code::conflict, quoted(folder + "/.cairn") + " is in the way: it is not a folder");
  }
  CAIRN_TRY(os::make_folders(paths.shared));
  CAIRN_TRY(os::make_folders(paths.state));
  CAIRN_TRY(os::make_folders(folder + "/.cairn"));
  if (layout) {
    CAIRN_TRY_ASSIGN(const AttributesReport attributes, complete_attributes(folder));
    static_cast<void>(attributes);
  } else {
    // Should the folder come under Git later, nothing of the store is committed.
    CAIRN_TRY(os::write_atomic(paths.shared + "/.gitignore", as_bytes("*\n")));
  }
  // Last, for it is what makes the folder a project.
  return os::write_atomic(paths.config(), as_bytes(first_config()));
}

}  // namespace cairn::project
