// SPDX-License-Identifier: Apache-2.0
#include "project/commit.h"

#include "project/add_record.h"
#include "project/apply_pointers.h"

namespace cairn::project {

Result<AddReport> commit(Workspace& workspace, const std::vector<Tracked>& tracked,
                         const CommitOptions& options, const Context& context) {
  AddReport report;
  std::vector<RecordItem> items;
  for (const Tracked& path : tracked) {
    if (path.source != Tracked::Source::pointer) {
      continue;
    }
    RecordItem item;
    item.path = path.path;
    item.owner = path.path;
    CAIRN_TRY_ASSIGN(item.pointer, find_pointer(workspace, path.path));
    CAIRN_TRY_ASSIGN(const auto stat, workspace.files().find_stat(path.path));
    if (stat) {
      items.push_back(std::move(item));
    } else {
      AddedPath missing;
      missing.path = path.path;
      missing.tracked = path.path;
      missing.outcome = AddOutcome::missing;
      report.paths.push_back(std::move(missing));
    }
  }
  CAIRN_TRY_ASSIGN(report.stored_bytes,
                   record_items(workspace, items, {options.force, options.dry_run}, context));
  add_to_report(items, report);
  return report;
}

}  // namespace cairn::project
