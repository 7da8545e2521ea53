// SPDX-License-Identifier: Apache-2.0
#include "project/git_files.h"

#include "git/ignore_file.h"
#include "os/path.h"

namespace cairn::project {

Status write_git_file(Workspace& workspace, const std::string& path, Bytes bytes,
                      const os::WriteOptions& options) {
  CAIRN_TRY_ASSIGN(const bool written, os::write_if_changed(workspace.files().shown(path), bytes, options));
  if (written) {
    workspace.note_git_file(path);
  }
  return {};
}

Status remove_git_file(Workspace& workspace, const std::string& path) {
  CAIRN_TRY(workspace.files().remove(path));
  workspace.note_git_file(path);
  return {};
}

Status edit_ignored(Workspace& workspace, const std::string& folder, const IgnoreEdit& edit) {
  if (!workspace.git_layout() || (edit.add.empty() && edit.remove.empty())) {
    return {};
  }
  if (!folder.empty()) {
    CAIRN_TRY(os::check_relative(folder));
    CAIRN_TRY_ASSIGN(const auto stat, workspace.files().find_stat(folder));
    if (!stat || stat->kind != os::Kind::folder) {
      return {};
    }
  }
  CAIRN_TRY_ASSIGN(const bool changed,
                   git::set_ignored(workspace.files().shown(folder), edit.add, edit.remove));
  if (changed) {
    workspace.note_git_file(os::join(folder, ".gitignore"));
  }
  return {};
}

Status edit_ignored(Workspace& workspace, const IgnoreEdits& edits) {
  for (const auto& [folder, edit] : edits) {
    CAIRN_TRY(edit_ignored(workspace, folder, edit));
  }
  return {};
}

}  // namespace cairn::project
