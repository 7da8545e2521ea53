// SPDX-License-Identifier: Apache-2.0
#include "project/status.h"

#include <algorithm>

#include "os/parallel.h"
#include "project/current.h"

namespace cairn::project {
namespace {

class StatusCheck {
 public:
  StatusCheck(Workspace& workspace, store::Store& store, const Materialised& materialised)
      : workspace_(workspace), store_(store), materialised_(materialised) {}

  /// Called from several threads, for different entries.
  Status check(StatusEntry& entry, const Context& context) const {
    const Tracked& tracked = entry.tracked;
    entry.stored = store_.has(tracked.object);
    CAIRN_TRY_ASSIGN(Current current, read_current(workspace_, tracked.path, context));
    if (!current.errors.empty()) {
      entry.state = DataState::unreadable;
      entry.errors = std::move(current.errors);
      return {};
    }
    const Materialised::Entry wanted{tracked.object, tracked.executable};
    const Materialised::Entry* known = materialised_.find(tracked.path);
    entry.state = state_of(current.entry, wanted, known);
    if (entry.state != DataState::modified) {
      if (!entry.stored && entry.state != DataState::partial) {
        entry.state = entry.state == DataState::clean ? DataState::unstored : DataState::not_stored;
      }
      return {};
    }
    entry.pointer_moved = known != nullptr && !(*known == wanted);
    store::Reader reader(store_);
    const Materialised::Entry& before = known != nullptr && known->part ? *known : wanted;
    const Comparison comparison{tracked.path, side_of(before.object, before.executable),
                                side_of(current.entry->object, current.entry->executable)};
    CAIRN_TRY(compare_trees(comparison, tree_lookup(current, reader), entry.changes));
    find_renames(entry.changes);
    return {};
  }

 private:
  static DataState state_of(const std::optional<Materialised::Entry>& current,
                            const Materialised::Entry& wanted, const Materialised::Entry* known) {
    if (!current) {
      return DataState::missing;
    }
    if (*current == wanted) {
      return DataState::clean;
    }
    if (known == nullptr || *known != *current) {
      return DataState::modified;
    }
    return known->part ? DataState::partial : DataState::behind;
  }

  Workspace& workspace_;
  store::Store& store_;
  const Materialised& materialised_;
};

}  // namespace

bool StatusReport::is_clean() const {
  return std::all_of(entries.begin(), entries.end(), [](const StatusEntry& entry) {
    return entry.state == DataState::clean || entry.state == DataState::unstored;
  });
}

Result<StatusReport> status(Workspace& workspace, const std::vector<Tracked>& tracked,
                            const Context& context) {
  CAIRN_TRY_ASSIGN(store::Store* const store, workspace.store());
  CAIRN_TRY_ASSIGN(const Materialised* const materialised, workspace.materialised());
  workspace.stat_cache();  // loaded before threads share it
  StatusReport report;
  std::vector<StatusEntry*> files;
  std::vector<StatusEntry*> folders;
  report.entries.resize(tracked.size());
  for (std::size_t i = 0; i < tracked.size(); ++i) {
    report.entries[i].tracked = tracked[i];
    const bool is_folder = tracked[i].object.family == store::Family::tree;
    (is_folder ? folders : files).push_back(&report.entries[i]);
  }
  context.progress.start("checking", 0, 0);
  // Single files at once; folders one after the other, each with all workers.
  const StatusCheck check(workspace, *store, *materialised);
  Context alone = context;
  alone.jobs = 1;
  CAIRN_TRY(os::parallel_for(files.size(), context.jobs, 1,
                             [&](std::size_t i) { return check.check(*files[i], alone); }));
  for (StatusEntry* folder : folders) {
    CAIRN_TRY(check.check(*folder, context));
  }
  return report;
}

}  // namespace cairn::project
