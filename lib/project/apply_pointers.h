// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "project/pointer.h"
#include "project/workspace.h"

/// The small files beside tracked data. All paths are the data's.
namespace cairn::project {

/// Text of the pointer; nothing where there is none.
Result<std::optional<std::string>> find_pointer_text(Workspace& workspace, const std::string& path);
/// The pointer itself; nothing where there is none.
Result<std::optional<Pointer>> find_pointer(Workspace& workspace, const std::string& path);
/// Writes the pointer durably, or removes it (no text). No write if its bytes are the same.
Status set_pointer_text(Workspace& workspace, const std::string& path,
                        const std::optional<std::string>& text);

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

}  // namespace cairn::project
