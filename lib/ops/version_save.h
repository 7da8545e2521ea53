// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "project/workspace.h"
#include "version/version_refs.h"

namespace cairn::ops {

struct SaveOptions {
  std::string name;  ///< "": `auto_version`
  bool auto_version = false;
  std::string message;
  std::vector<std::string> aliases;  ///< that stand for the new version from now on
  bool git_tag = false;              ///< an ordinary annotated tag of that name too
  bool push = false;                 ///< the data first, then the version
  bool dry_run = false;
};

struct SaveReport {
  std::string name;
  std::string reason;  ///< of auto_version: why this number
  /// Why nothing was saved, each with how to mend it.
  std::vector<Error> problems;
  std::optional<version::Version> version;  ///< nothing: problems, or a dry run
  /// It was saved, but something after it did not work: an alias, the push.
  std::vector<Error> errors;
  std::optional<std::string> remote;  ///< of Git, that it could be pushed to, or was
  bool pushed = false;
};

/// Names the state of HEAD. All is checked first; the ref is made last and at once, so that there is never
/// half a version. Errors: `usage` for a bad name, no commit, nothing to save; `exists` where nothing changed
/// since the newest version (auto_version).
Result<SaveReport> save_version(project::Workspace& workspace, const SaveOptions& options, Context& context);

}  // namespace cairn::ops
