// SPDX-License-Identifier: Apache-2.0
#include "project/commit.h"

#include "base/escape.h"
#include "os/path.h"
#include "project/add_record.h"
#include "project/apply_hints.h"
#include "project/apply_pointers.h"
#include "project/current.h"

namespace cairn::project {
namespace {

/// What Git keeps inside the folder would become data of the folder: the pointer of a path that another
/// branch tracks by itself, say.
Status check_inside(Workspace& workspace, const std::string& path) {
  if (!workspace.git_layout()) {
    return {};
  }
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(const auto inside, git->find_tracked_within(os::join(workspace.git_prefix(), path)));
  if (!inside) {
    return {};
  }
  return Error(
      Code::conflict, quoted(*inside) + ", inside " + quoted(path) + ", is tracked by Git",
      command_hint("git rm --cached", *inside) + ", or " + command_hint("git rm", pointer_path(path)));
}

/// Of data that is as its pointer says and that only the store lacks, on purpose or not; else nothing.
Result<std::optional<AddedPath>> find_unstored(Workspace& workspace, const Tracked& tracked,
                                               const Context& context) {
  CAIRN_TRY_ASSIGN(const store::Store* store, workspace.store());
  if (store->has(tracked.object)) {
    return std::optional<AddedPath>();
  }
  CAIRN_TRY_ASSIGN(const Current current, read_current(workspace, tracked.path, context));
  if (current.entry != Materialised::Entry{tracked.object, tracked.executable}) {
    return std::optional<AddedPath>();
  }
  AddedPath same;
  same.path = tracked.path;
  same.tracked = tracked.path;
  same.object = tracked.object;
  same.files = current.trees.empty() ? 1 : current.trees.front().tree.total_files();
  return std::optional(std::move(same));
}

}  // namespace

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
    CAIRN_TRY_ASSIGN(std::optional<AddedPath> unstored, stat && !options.force
                                                            ? find_unstored(workspace, path, context)
                                                            : Result<std::optional<AddedPath>>(std::nullopt));
    if (unstored) {
      report.paths.push_back(std::move(*unstored));
    } else if (stat) {
      if (Status checked = check_inside(workspace, path.path); !checked.ok()) {
        item.fail(checked.error());
      }
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
