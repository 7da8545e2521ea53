// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "os/file.h"
#include "project/workspace.h"

/// Small files that Git keeps and cairn writes: pointers, .gitignore, cairn.yaml, cairn.lock, params. What
/// these functions change is noted in the workspace (Workspace::git_files). All paths are project paths.
namespace cairn::project {

/// Writes the file, whose folder exists, if its bytes differ.
Status write_git_file(Workspace& workspace, const std::string& path, Bytes bytes,
                      const os::WriteOptions& options = {});

/// Removes the file if it is there.
Status remove_git_file(Workspace& workspace, const std::string& path);

/// Names put into, and taken out of, cairn's block in the .gitignore of one folder.
struct IgnoreEdit {
  std::vector<std::string> add;
  std::vector<std::string> remove;
};
/// The edits of all folders, by folder.
using IgnoreEdits = std::map<std::string, IgnoreEdit>;

/// Edits the .gitignore of `folder` ("" is the root); a folder that does not exist is left alone. Nothing
/// without Git.
Status edit_ignored(Workspace& workspace, const std::string& folder, const IgnoreEdit& edit);
/// The same for all folders; the first that fails ends it.
Status edit_ignored(Workspace& workspace, const IgnoreEdits& edits);

}  // namespace cairn::project
