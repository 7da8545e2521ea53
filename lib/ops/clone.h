// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "ops/pull.h"

namespace cairn::ops {

struct CloneRequest {
  std::string url;      ///< whatever Git takes
  std::string folder;   ///< absolute; where the clone goes
  std::string from;     ///< absolute; a relative URL is relative to it
  std::string version;  ///< or alias, whose commit is checked out; "": the branch that the repository names
  bool data = true;     ///< pull it
  bool quiet = false;   ///< Git says errors only
  std::string program;  ///< this one, for the hooks
};

struct CloneReport {
  std::unique_ptr<project::Workspace> workspace;  ///< the clone, opened
  std::optional<git::Oid> commit;                 ///< of the version
  std::optional<PullReport> pull;
};

/// `git clone`, then what `install` does, the versions that the repository has, the version asked for (HEAD
/// is detached, as for a tag), and `pull`. Runs nothing that the repository contains: hooks are cairn's own,
/// and of Git's none runs. When a step after the clone fails, what was done stays, and the hint says what to
/// type to finish. Errors: as the steps'; `remote` when Git fails.
Result<CloneReport> clone(const CloneRequest& request, const Context& context);

}  // namespace cairn::ops
