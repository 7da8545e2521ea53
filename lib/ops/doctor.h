// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "project/workspace.h"

namespace cairn::ops {

/// One line of what a bug report needs, and whether something is wrong with it.
struct Finding {
  std::string name;
  std::string value;
  bool wrong = false;
  std::string hint;  ///< what to do when it is wrong
};

/// Looks at the machine, Git, the project, its store and hooks. `workspace` may be null: outside a project.
/// Never fails: what cannot be found out is a finding.
std::vector<Finding> examine(project::Workspace* workspace);

}  // namespace cairn::ops
