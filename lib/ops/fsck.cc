// SPDX-License-Identifier: Apache-2.0
#include "ops/fsck.h"

#include "store/closure.h"

namespace cairn::ops {
namespace {

Status check_tracked(project::Workspace& workspace, store::Store& store, project::LockReader read_lock,
                     FsckReport& report, const Context& context) {
  CAIRN_TRY_ASSIGN(auto tracked, project::find_tracked(workspace, read_lock));
  report.tracked = tracked.size();
  for (const project::Tracked& item : tracked) {
    auto closure = store::collect_closure(store, std::span(&item.object, 1), context);
    if (!closure.ok()) {
      if (closure.error().code() != Code::corrupt) {
        return closure.error();
      }
      report.store.damage.push_back({item.path, closure.error().message()});
    } else if (!closure->missing.empty()) {
      report.incomplete.push_back({item.path, item.declared_in, closure->missing.size()});
    }
  }
  return {};
}

}  // namespace

Result<FsckReport> fsck(project::Workspace& workspace, project::LockReader read_lock,
                        const FsckOptions& options, const Context& context) {
  FsckReport report;
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  if (options.rebuild_index) {
    CAIRN_TRY_ASSIGN(report.store, store::rebuild_index(*store, context));
    report.rebuilt = true;
  }
  CAIRN_TRY_ASSIGN(store::VerifyReport verified, store::verify_store(*store, options.depth, context));
  report.store = std::move(verified);
  CAIRN_TRY(check_tracked(workspace, *store, read_lock, report, context));
  return report;
}

}  // namespace cairn::ops
