// SPDX-License-Identifier: Apache-2.0
#include "ops/fetch.h"

namespace cairn::ops {

Result<FetchResult> fetch(project::Workspace& workspace, project::LockReader read_lock,
                          const TransferRequest& request, const Context& context) {
  CAIRN_TRY_ASSIGN(TransferSet set, find_transfer_set(workspace, read_lock, request));
  FetchResult result;
  result.tracked = std::move(set.tracked);
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  for (const auto& [name, share] : set.remotes) {
    if (share.roots.empty()) {
      continue;
    }
    CAIRN_TRY_ASSIGN(remote::Remote remote, open_remote(workspace, name.empty() ? request.remote : name,
                                                        remote::Purpose::read, context.log));
    CAIRN_TRY_ASSIGN(const remote::FetchReport report, remote::fetch(*store, remote, share.roots, context));
    result.report.objects += report.objects;
    result.report.packs += report.packs;
    result.report.bytes += report.bytes;
    result.report.already_here += report.already_here;
  }
  return result;
}

}  // namespace cairn::ops
