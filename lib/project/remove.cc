// SPDX-License-Identifier: Apache-2.0
#include "project/remove.h"

#include "base/escape.h"
#include "os/path.h"
#include "project/apply_pointers.h"
#include "project/git_files.h"

namespace cairn::project {
namespace {

/// What undo needs to bring a pointer back.
Result<UndoEntry> pointer_entry(Workspace& workspace, const Tracked& tracked) {
  CAIRN_TRY_ASSIGN(Materialised * materialised, workspace.materialised());
  UndoEntry entry;
  entry.path = tracked.path;
  entry.has_pointer = true;
  CAIRN_TRY_ASSIGN(entry.pointer_before, find_pointer_text(workspace, tracked.path));
  if (const Materialised::Entry* record = materialised->find(tracked.path); record != nullptr) {
    entry.has_record = true;
    entry.record_before = *record;
  }
  return entry;
}

Transition removal(const Materialised& materialised, const Tracked& tracked) {
  const Materialised::Entry* record = materialised.find(tracked.path);
  const Materialised::Entry named{tracked.object, tracked.executable};
  return {tracked.path, {{tracked.path, record != nullptr ? *record : named}}, {}};
}

/// Records first: a record without a pointer would let the next checkout take the data for leftovers.
Status drop_tracking(Workspace& workspace, const std::vector<PathReport>& paths) {
  CAIRN_TRY_ASSIGN(Materialised * materialised, workspace.materialised());
  IgnoreEdits ignored;
  for (const PathReport& path : paths) {
    if (!path.error) {
      materialised->erase(path.path);
      ignored[std::string(os::parent_of(path.path))].remove.emplace_back(os::name_of(path.path));
    }
  }
  CAIRN_TRY(workspace.save());
  for (const PathReport& path : paths) {
    if (path.error) {
      continue;
    }
    CAIRN_TRY(set_pointer_text(workspace, path.path, std::nullopt));
  }
  return edit_ignored(workspace, ignored);
}

PathReport refused_output(const Tracked& tracked) {
  PathReport report;
  report.path = tracked.path;
  report.error =
      Error(Code::conflict, quoted(tracked.path) + " is made by the stage " + quoted(tracked.stage),
            "take it out of the stage's outs in its cairn.yaml");
  return report;
}

}  // namespace

Result<RemoveReport> remove(Workspace& workspace, const std::vector<Tracked>& tracked,
                            const RemoveOptions& options, const Context& context) {
  CAIRN_TRY_ASSIGN(const Materialised* materialised, workspace.materialised());
  RemoveReport report;
  std::vector<Transition> transitions;
  UndoRecord journal;
  journal.command = "remove";
  for (const Tracked& path : tracked) {
    if (path.source == Tracked::Source::lock) {
      report.paths.push_back(refused_output(path));
      continue;
    }
    CAIRN_TRY_ASSIGN(UndoEntry entry, pointer_entry(workspace, path));
    journal.entries.push_back(std::move(entry));
    if (options.outs) {
      transitions.push_back(removal(*materialised, path));
    } else {
      report.paths.emplace_back().path = path.path;
    }
  }
  ApplyOptions apply;
  apply.policy = {options.force ? Overwrite::forced : Overwrite::stored, Changed::judge, Extent::everything};
  apply.dry_run = options.dry_run;
  CAIRN_TRY_ASSIGN(ApplyResult done,
                   apply_transitions(workspace, transitions, std::move(journal), apply, context));
  report.stored_bytes = done.stored_bytes;
  report.paths.insert(report.paths.end(), done.paths.begin(), done.paths.end());
  if (!options.dry_run) {
    CAIRN_TRY(drop_tracking(workspace, report.paths));
  }
  return report;
}

}  // namespace cairn::project
