// SPDX-License-Identifier: Apache-2.0
#include "project/diff.h"

#include <algorithm>
#include <map>

#include "base/escape.h"
#include "os/path.h"
#include "project/current.h"
#include "store/piece_diff.h"

namespace cairn::project {
namespace {

using Comparisons = std::map<std::string, Comparison, std::less<>>;

Comparison& at_path(Comparisons& all, const std::string& path) {
  Comparison& comparison = all[path];
  comparison.path = path;
  return comparison;
}

/// Takes out pairs of a tracked path that is gone and a new one with the same content: it moved.
void take_moved(Comparisons& all, std::vector<FileChange>& out) {
  std::multimap<store::Id, std::string> appeared;
  for (const auto& [path, comparison] : all) {
    if (!comparison.before && comparison.after->size != 0) {
      appeared.emplace(comparison.after->id, path);
    }
  }
  for (auto gone = all.begin(); gone != all.end();) {
    const Comparison& comparison = gone->second;
    const auto match = comparison.after ? appeared.end() : appeared.find(comparison.before->id);
    if (match == appeared.end()) {
      ++gone;
      continue;
    }
    FileChange change;
    change.kind = ChangeKind::renamed;
    change.path = match->second;
    change.old_path = comparison.path;
    change.before = comparison.before;
    change.after = all[match->second].after;
    out.push_back(std::move(change));
    all.erase(match->second);
    appeared.erase(match);
    gone = all.erase(gone);
  }
}

Status compare_workspace_path(Workspace& workspace, store::Reader& reader, Comparison comparison,
                              DiffReport& report, const Context& context) {
  CAIRN_TRY_ASSIGN(Current current, read_current(workspace, comparison.path, context));
  if (!current.errors.empty()) {
    std::move(current.errors.begin(), current.errors.end(), std::back_inserter(report.errors));
    return {};
  }
  if (current.entry) {
    comparison.after = side_of(current.entry->object, current.entry->executable);
  }
  return compare_trees(comparison, tree_lookup(current, reader), report.changes);
}

bool is_file(const std::optional<ChangeSide>& side) {
  return side && (side->kind == store::TreeKind::file || side->kind == store::TreeKind::executable);
}

/// Nothing where each side is one chunk: a row more would be a change of all.
Result<std::optional<std::uint64_t>> new_bytes(store::Reader& reader, const ChangeSide& before,
                                               const ChangeSide& after) {
  if (before.id == after.id) {
    return std::optional<std::uint64_t>(0);
  }
  CAIRN_TRY_ASSIGN(const auto old_pieces, reader.read_pieces(store::Family::blob, before.id));
  CAIRN_TRY_ASSIGN(const auto new_pieces, reader.read_pieces(store::Family::blob, after.id));
  return old_pieces.size() > 1 || new_pieces.size() > 1
             ? std::optional(store::new_bytes(old_pieces, new_pieces))
             : std::nullopt;
}

/// Both sides are files of the same content, or of content that is here. New content of the workspace is not;
/// asking the reader for it would have it look for other processes' packs each time.
bool can_be_compared(const store::Store& store, const FileChange& change) {
  const auto is_here = [&store](const ChangeSide& side) {
    return store.has({store::Family::blob, side.id, side.size});
  };
  return change.kind == ChangeKind::modified && is_file(change.before) && is_file(change.after) &&
         (change.before->id == change.after->id || (is_here(*change.before) && is_here(*change.after)));
}

/// Finds renames, and how much of what was modified is new.
void complete(store::Store& store, DiffReport& report) {
  find_renames(report.changes);
  store::Reader reader(store);
  for (FileChange& change : report.changes) {
    if (!can_be_compared(store, change)) {
      continue;
    }
    const auto bytes = new_bytes(reader, *change.before, *change.after);
    if (bytes.ok()) {
      change.changed_bytes = *bytes;
    } else if (bytes.error().code() != Code::not_found) {
      report.errors.push_back(Error(bytes.error()).with_context(escaped(change.path)));
    }
  }
}

}  // namespace

DiffTotals count_changes(std::span<const FileChange> changes) {
  DiffTotals totals;
  for (const FileChange& change : changes) {
    switch (change.kind) {
      case ChangeKind::added:
        totals.added += 1;
        totals.bytes_added += change.after->size;
        break;
      case ChangeKind::deleted:
        totals.deleted += 1;
        totals.bytes_deleted += change.before->size;
        break;
      case ChangeKind::modified:
        totals.modified += 1;
        totals.bytes_changed += change.changed_bytes.value_or(change.after->size);
        break;
      case ChangeKind::renamed:
        totals.renamed += 1;
        break;
      case ChangeKind::type_changed:
        totals.type_changed += 1;
        break;
    }
  }
  return totals;
}

Result<DiffReport> diff_revisions(Workspace& workspace, const std::vector<Tracked>& before,
                                  const std::vector<Tracked>& after) {
  Comparisons all;
  for (const Tracked& one : before) {
    at_path(all, one.path).before = side_of(one.object, one.executable);
  }
  for (const Tracked& one : after) {
    at_path(all, one.path).after = side_of(one.object, one.executable);
  }
  DiffReport report;
  take_moved(all, report.changes);
  CAIRN_TRY_ASSIGN(store::Store* const store, workspace.store());
  store::Reader reader(*store);
  const TreeLookup lookup = [&reader](const store::Id& id) { return reader.read_tree(id); };
  for (const auto& [path, comparison] : all) {
    CAIRN_TRY(compare_trees(comparison, lookup, report.changes));
  }
  complete(*store, report);
  return report;
}

Result<DiffReport> diff_workspace(Workspace& workspace, const std::vector<Tracked>& before,
                                  const std::vector<Tracked>& tracked_now, const Context& context) {
  Comparisons all;
  for (const Tracked& one : before) {
    at_path(all, one.path).before = side_of(one.object, one.executable);
  }
  for (const Tracked& one : tracked_now) {
    at_path(all, one.path);
  }
  DiffReport report;
  context.progress.start("comparing", 0, 0);
  CAIRN_TRY_ASSIGN(store::Store* const store, workspace.store());
  store::Reader reader(*store);
  for (const auto& [path, comparison] : all) {
    CAIRN_TRY(compare_workspace_path(workspace, reader, comparison, report, context));
  }
  complete(*store, report);
  return report;
}

}  // namespace cairn::project
