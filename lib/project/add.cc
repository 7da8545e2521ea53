// SPDX-License-Identifier: Apache-2.0
#include "project/add.h"

#include <algorithm>

#include "project/add_targets.h"

namespace cairn::project {

std::size_t AddReport::failed() const {
  return static_cast<std::size_t>(std::count_if(
      paths.begin(), paths.end(), [](const AddedPath& path) { return path.error.has_value(); }));
}

Result<AddReport> add(Workspace& workspace, const AddOptions& options, LockReader read_lock,
                      const Context& context) {
  CAIRN_TRY_ASSIGN(const std::vector<Tracked> tracked, find_tracked(workspace, read_lock));
  CAIRN_TRY_ASSIGN(std::vector<RecordItem> items, judge_targets(workspace, options, tracked));
  AddReport report;
  CAIRN_TRY_ASSIGN(report.stored_bytes,
                   record_items(workspace, items, {options.force, options.dry_run, options.sink}, context));
  add_to_report(items, report);
  return report;
}

}  // namespace cairn::project
