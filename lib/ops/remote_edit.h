// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "project/workspace.h"

namespace cairn::ops {

/// Sets `remote.NAME.SETTING`, or removes it without a value; see config_names.h for what there is.
/// `not_found` when there is no remote of that name, or nothing to remove; `usage` for a setting that does
/// not exist, a value that is not allowed, or one that this level may not hold.
struct RemoteChange {
  std::string name;
  std::string setting;               ///< "url", "endpointurl" …
  std::optional<std::string> value;  ///< nothing: remove it
  project::ConfigLevel level = project::ConfigLevel::project;
};
Status modify_remote(project::Workspace& workspace, const RemoteChange& change);

/// Gives a remote another name in the settings of this user, project and clone, the default included. What
/// this machine knows of the place stays. Errors: `not_found`, `exists`, `usage` for a name that is not
/// allowed; `conflict` when a pointer or an out of a stage names the remote; nothing is changed then.
Status rename_remote(project::Workspace& workspace, const std::string& from, const std::string& to);

}  // namespace cairn::ops
