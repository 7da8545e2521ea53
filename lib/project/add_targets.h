// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "project/add_record.h"

/// Internal to add*.cc.
namespace cairn::project {

/// Sorts out what each target is: what it is refused for, or whose pointer it goes to. Targets inside others
/// are left out.
Result<std::vector<RecordItem>> judge_targets(Workspace& workspace, const AddOptions& options,
                                              const std::vector<Tracked>& tracked);

}  // namespace cairn::project
