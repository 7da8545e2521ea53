// SPDX-License-Identifier: Apache-2.0
#include "ops/folder_part.h"

#include <algorithm>

#include "base/escape.h"
#include "ops/content_access.h"

namespace cairn::ops {
namespace {

/// The folder as it stands in the workspace by cairn's records, with the part put in; it is stored. Where
/// nothing is in the workspace it is the part alone.
Result<project::Tracked> with_part(project::Workspace& workspace, const FoundPart& part,
                                   const Context& context) {
  project::Tracked whole = part.folder;
  CAIRN_TRY_ASSIGN(const auto here, workspace.files().find_stat(whole.path));
  CAIRN_TRY_ASSIGN(const project::Materialised* const materialised, workspace.materialised());
  const project::Materialised::Entry* const known = here ? materialised->find(whole.path) : nullptr;
  const bool is_folder = known != nullptr && known->object.family == store::Family::tree;
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  store::Reader reader(*store);
  CAIRN_TRY_ASSIGN(store::Writer writer, workspace.open_writer(context));
  CAIRN_TRY_ASSIGN(const store::TreeEntry folder,
                   project::edit_tree(reader, is_folder ? std::optional(known->object.id) : std::nullopt,
                                      part.entries, &writer));
  CAIRN_TRY(writer.commit());
  whole.object = {store::Family::tree, folder.id, folder.size};
  return whole;
}

}  // namespace

Result<FoundPart> find_part(project::Workspace& workspace, const FolderPart& part, const std::string& remote,
                            const Context& context) {
  ContentAccess access(workspace, remote, context);
  FoundPart found{part.folder, {}};
  for (const std::string& path : part.inner) {
    CAIRN_TRY_ASSIGN(auto entry, access.find(part.folder, path));
    if (!entry) {
      return Error(Code::not_found, quoted(path) + " is not in " + quoted(part.folder.path),
                   "cairn ls -R " + escaped(part.folder.path));
    }
    found.entries.emplace(path, std::move(entry));
  }
  return found;
}

Result<std::vector<project::Tracked>> with_parts(project::Workspace& workspace,
                                                 const std::vector<FoundPart>& parts,
                                                 const std::vector<FolderPart>& now, const Context& context) {
  std::vector<project::Tracked> folders;
  for (const FoundPart& part : parts) {
    const bool same = std::ranges::any_of(now, [&](const FolderPart& one) {
      return one.folder.path == part.folder.path && one.folder.object == part.folder.object;
    });
    if (!same) {
      return Error(Code::conflict, "the pointer of " + quoted(part.folder.path) + " changed meanwhile",
                   "run the command again");
    }
    CAIRN_TRY_ASSIGN(project::Tracked folder, with_part(workspace, part, context));
    folders.push_back(std::move(folder));
  }
  return folders;
}

Status note_parts(project::Workspace& workspace, const std::vector<FoundPart>& parts,
                  const std::vector<project::Tracked>& folders) {
  CAIRN_TRY_ASSIGN(project::Materialised * materialised, workspace.materialised());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const project::Materialised::Entry* const known = materialised->find(folders[i].path);
    if (known != nullptr && known->object == folders[i].object && known->object != parts[i].folder.object) {
      project::Materialised::Entry entry = *known;
      entry.part = true;
      materialised->set(folders[i].path, entry);
    }
  }
  return workspace.save();
}

}  // namespace cairn::ops
