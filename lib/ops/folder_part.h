// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/targets.h"
#include "project/add_tree.h"

namespace cairn::ops {

/// What stands at the paths of a part, as its folder's pointer has it.
struct FoundPart {
  project::Tracked folder;
  project::TreeEdits entries;
};

/// Reads the folders from the top to each path, from the store or from the remote of that name. `not_found`
/// for a path that is not in the folder.
Result<FoundPart> find_part(project::Workspace& workspace, const FolderPart& part, const std::string& remote,
                            const Context& context);

/// The folders as they are to be: as they stand in the workspace by cairn's records, with the parts put in.
/// They are stored; where nothing is in the workspace they are the parts alone. `now` is what is asked for by
/// the pointers as they are: `conflict` where they changed since the parts were found.
Result<std::vector<project::Tracked>> with_parts(project::Workspace& workspace,
                                                 const std::vector<FoundPart>& parts,
                                                 const std::vector<FolderPart>& now, const Context& context);

/// Records which of `folders`, that with_parts() made and that were checked out, are not all that the pointer
/// names, lest the rest is taken for deleted.
Status note_parts(project::Workspace& workspace, const std::vector<FoundPart>& parts,
                  const std::vector<project::Tracked>& folders);

}  // namespace cairn::ops
