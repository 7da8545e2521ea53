// SPDX-License-Identifier: Apache-2.0
#include "project/release.h"

#include "base/escape.h"
#include "project/apply.h"
#include "project/apply_hints.h"
#include "project/current.h"

namespace cairn::project {
namespace {

Error is_changed(const std::string& path) {
  return {Code::conflict, quoted(path) + " is not as its pointer says, and stays",
          command_hint("cairn status", path) + " shows what differs; --keep-workspace leaves it alone"};
}

/// Folder objects of paths that are in the workspace alone: with them it is known which files are theirs.
Status store_folders(Workspace& workspace, const std::vector<Current>& found, const Context& context) {
  CAIRN_TRY_ASSIGN(const store::Store* store, workspace.store());
  std::optional<store::Writer> writer;
  for (const Current& current : found) {
    if (current.trees.empty() || store->has(current.entry->object)) {
      continue;
    }
    if (!writer) {
      CAIRN_TRY_ASSIGN(store::Writer opened, workspace.open_writer(context));
      writer.emplace(std::move(opened));
    }
    for (const ScannedTree& scanned : current.trees) {
      CAIRN_TRY_ASSIGN([[maybe_unused]] const store::Id id, writer->put_tree(scanned.tree));
    }
  }
  return writer ? writer->commit() : Status();
}

Status remove_all(Workspace& workspace, const std::vector<Transition>& transitions, const Context& context) {
  ApplyOptions apply;
  apply.policy = {Overwrite::known, Changed::refuse, Extent::known};
  apply.all_or_none = true;
  CAIRN_TRY_ASSIGN(const ApplyResult done,
                   apply_transitions(workspace, transitions, std::nullopt, apply, context));
  for (const PathReport& path : done.paths) {
    if (path.error) {
      return *path.error;
    }
  }
  return workspace.save();
}

}  // namespace

Result<ReleaseReport> release(Workspace& workspace, const std::vector<Tracked>& tracked, bool dry_run,
                              const Context& context) {
  ReleaseReport report;
  std::vector<Transition> transitions;
  std::vector<Current> found;
  context.progress.start("checking", 0, 0);
  for (const Tracked& one : tracked) {
    CAIRN_TRY_ASSIGN(Current current, read_current(workspace, one.path, context));
    if (!current.errors.empty()) {
      return Error(current.errors.front())
          .with_hint("mend that, or leave the workspace alone with --keep-workspace");
    }
    if (!current.entry) {
      continue;
    }
    const Materialised::Entry named{one.object, one.executable};
    if (*current.entry != named) {
      return is_changed(one.path);
    }
    report.paths.push_back(one.path);
    report.bytes += one.object.size;
    transitions.push_back({one.path, {{one.path, named}}, {}});
    found.push_back(std::move(current));
  }
  if (!dry_run) {
    CAIRN_TRY(store_folders(workspace, found, context));
    CAIRN_TRY(remove_all(workspace, transitions, context));
  }
  return report;
}

}  // namespace cairn::project
