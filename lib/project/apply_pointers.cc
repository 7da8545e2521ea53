// SPDX-License-Identifier: Apache-2.0
#include "project/apply_pointers.h"

#include "os/file.h"
#include "os/path.h"
#include "project/git_files.h"

namespace cairn::project {
namespace {

/// Absolute spelling of a path whose parent was found to be a folder inside the project, reached without any
/// symlink.
Result<std::optional<std::string>> safe_path(Workspace& workspace, const std::string& path) {
  CAIRN_TRY(os::check_relative(path));
  const std::string parent(os::parent_of(path));
  if (!parent.empty()) {
    CAIRN_TRY_ASSIGN(const auto stat, workspace.files().find_stat(parent));
    if (!stat || stat->kind != os::Kind::folder) {
      return std::optional<std::string>();
    }
  }
  return std::optional(workspace.files().shown(path));
}

}  // namespace

Result<std::optional<std::string>> find_pointer_text(Workspace& workspace, const std::string& path) {
  CAIRN_TRY_ASSIGN(const auto file, safe_path(workspace, pointer_path(path)));
  if (!file) {
    return std::optional<std::string>();
  }
  CAIRN_TRY_ASSIGN(const std::optional<Buffer> bytes, os::find_file(*file));
  return bytes ? std::optional(std::string(as_text(*bytes))) : std::optional<std::string>();
}

Result<std::optional<Pointer>> find_pointer(Workspace& workspace, const std::string& path) {
  CAIRN_TRY_ASSIGN(const std::optional<std::string> text, find_pointer_text(workspace, path));
  if (!text) {
    return std::optional<Pointer>();
  }
  CAIRN_TRY_ASSIGN(Pointer pointer, parse_pointer(*text, pointer_path(path)));
  return std::optional(std::move(pointer));
}

Status set_pointer_text(Workspace& workspace, const std::string& path,
                        const std::optional<std::string>& text) {
  if (!text) {
    return remove_git_file(workspace, pointer_path(path));
  }
  CAIRN_TRY_ASSIGN(os::Fd parent, workspace.files().make_folder(os::parent_of(path)));
  return write_git_file(workspace, pointer_path(path), as_bytes(*text));
}

}  // namespace cairn::project
