// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/context.h"
#include "project/workspace.h"

namespace cairn::ops {

/// What pre-commit does, as the setting git.pre_commit says. `off`: nothing. `warn`: warns of data that
/// differs from its pointer or lock. `block`: also an error, `conflict`, when that belongs to what is being
/// committed (GIT_INDEX_FILE): the data of a pointer or lock, and stages that are not up to date because of a
/// committed file, or whose lock is committed; files are judged as they are in the work tree, but those with
/// changes that are not staged are not held against the commit. Cost: as status of data; with `block` of
/// stages too.
Status check_commit(project::Workspace& workspace, Context& context);

}  // namespace cairn::ops
