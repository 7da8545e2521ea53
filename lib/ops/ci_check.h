// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/context.h"
#include "project/workspace.h"
#include "report/check_report.h"

namespace cairn::ops {

/// Whether a commit may be relied on, without downloading its data: HEAD is what is checked out, every
/// stage's lock is fresh, all data is on its remote, saved versions can be resolved, and what cairn.yaml
/// demands holds. Nothing is changed. Errors: no commit; cairn.yaml files and locks that cannot be read; a
/// remote that cannot be reached. Cost: reads the pointers of HEAD, the remote's indexes, folders that are
/// not here, and the manifests of versions.
Result<report::CheckReport> ci_check(project::Workspace& workspace, const Context& context);

}  // namespace cairn::ops
