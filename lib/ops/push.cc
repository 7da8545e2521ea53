// SPDX-License-Identifier: Apache-2.0
#include "ops/push.h"

namespace cairn::ops {

Result<remote::PushReport> push(project::Workspace& workspace, project::LockReader read_lock,
                                const TransferRequest& request, const Context& context) {
  CAIRN_TRY_ASSIGN(TransferSet set, find_transfer_set(workspace, read_lock, request));
  std::string project = workspace.config().get_or("core.project", "");
  if (project.empty() && !set.commits.empty()) {
    // Without its roots on the remote, a collection there would take the data for garbage.
    return Error(Code::malformed, "the project has no id: core.project is missing in .cairn/config",
                 "restore .cairn/config from Git: git checkout HEAD -- .cairn/config");
  }
  CAIRN_TRY_ASSIGN(remote::Remote remote,
                   open_remote(workspace, request.remote, remote::Purpose::write, context.log));
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  return remote::push(*store, remote, set.roots, project, set.commits, context);
}

}  // namespace cairn::ops
