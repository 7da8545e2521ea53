// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/targets.h"
#include "project/add_tree.h"
#include "project/checkout.h"

namespace cairn::ops {

/// What stands at the paths of a part, as its folder's pointer has it.
struct FoundPart {
  project::Tracked folder;
  project::TreeEdits entries;
};

/// The targets of a command, asked for those inside tracked folders.
class InnerTargets {
 public:
  explicit InnerTargets(std::vector<std::string> targets);
  /// Paths inside the folder that are among the targets, none inside another; nothing where a target stands
  /// for the whole folder. Cost: a binary search where there is none.
  [[nodiscard]] std::vector<std::string> of(const project::Tracked& folder) const;

 private:
  std::vector<std::string> sorted_;
};

/// Reads the folders from the top to each path, from the store or from the remote of that name. `not_found`
/// for a path that is not in the folder.
Result<FoundPart> find_part(project::Workspace& workspace, const FolderPart& part, const std::string& remote,
                            const Context& context);
/// The same from the store alone. `not_found` too for folders that are not there.
Result<FoundPart> find_local_part(project::Workspace& workspace, const FolderPart& part);

/// `conflict` where the folder of a part is not the same in `now`: its pointer changed since it was found.
Status check_parts(const std::vector<FoundPart>& parts, const std::vector<FolderPart>& now);

/// project::checkout() of what is tracked, and of the parts, which leaves all else in their folders as it is.
/// Where a folder is then not all that its pointer names, that is recorded, lest the rest is taken for
/// deleted. Folder objects that a part makes are stored, also by a dry run.
Result<project::CheckoutReport> checkout_with_parts(project::Workspace& workspace,
                                                    std::vector<project::Tracked> tracked,
                                                    const std::vector<FoundPart>& parts,
                                                    project::CheckoutOptions options, const Context& context);

}  // namespace cairn::ops
