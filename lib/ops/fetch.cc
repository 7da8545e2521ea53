// SPDX-License-Identifier: Apache-2.0
#include "ops/fetch.h"

namespace cairn::ops {

Result<FetchResult> fetch(project::Workspace& workspace, project::LockReader read_lock,
                          const TransferRequest& request, const Context& context) {
  CAIRN_TRY_ASSIGN(TransferSet set, find_transfer_set(workspace, read_lock, request));
  FetchResult result;
  result.tracked = std::move(set.tracked);
  if (set.roots.empty()) {
    return result;
  }
  CAIRN_TRY_ASSIGN(remote::Remote remote,
                   open_remote(workspace, request.remote, remote::Purpose::read, context.log));
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  CAIRN_TRY_ASSIGN(result.report, remote::fetch(*store, remote, set.roots, context));
  return result;
}

}  // namespace cairn::ops
