// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "version/version_refs.h"

/// Going through all versions and verdicts that are here, for those who judge them.
namespace cairn::version {

/// Each version in order of names, or why a ref is none. Manifests may be large; one is in memory at a time.
/// Locks are not looked at.
Status each_version(project::Workspace& workspace, const std::function<Status(Result<Version>)>& use);
/// `corrupt` unless the locks of its commit are those that its manifest names.
Status check_locks(project::Workspace& workspace, const Version& version);

/// The verdicts of all commits, newest first. Errors: as parse_verdict.
Result<std::vector<Verdict>> all_verdicts(project::Workspace& workspace);

}  // namespace cairn::version
