// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "project/workspace.h"

namespace cairn::ops {

/// Which states of the project are looked at. Nothing chosen is the workspace alone; branches, tags and
/// commits come with the workspace in front.
struct RevisionChoice {
  std::vector<std::string> revisions;  ///< in any of Git's ways of naming one, or experiments
  bool all_branches = false;
  bool all_tags = false;
  bool all_commits = false;  ///< that branches, tags and HEAD lead to
};

/// One of them; without a commit it is the workspace.
struct ChosenRevision {
  std::string name;  ///< as given, a branch, a tag, a whole commit name; "workspace"; "" when it is alone
  std::optional<git::Oid> commit;
};

/// Errors: `not_found` for an unknown revision.
Result<std::vector<ChosenRevision>> choose_revisions(project::Workspace& workspace,
                                                     const RevisionChoice& choice);

/// A revision of the command line: an experiment's name first, else as Git takes it, else a version's name or
/// an alias. So where a branch or a tag of Git has the name of a version, Git's counts. "" is the workspace.
Result<ChosenRevision> find_revision(project::Workspace& workspace, const std::string& name);
/// The same where only a commit will do.
Result<git::Oid> find_commit(project::Workspace& workspace, const std::string& name);

}  // namespace cairn::ops
