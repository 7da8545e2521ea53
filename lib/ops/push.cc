// SPDX-License-Identifier: Apache-2.0
#include "ops/push.h"

#include <algorithm>

namespace cairn::ops {

Result<remote::PushReport> push(project::Workspace& workspace, project::LockReader read_lock,
                                const TransferRequest& request, const Context& context) {
  CAIRN_TRY_ASSIGN(TransferSet set, find_transfer_set(workspace, read_lock, request));
  if (set.remotes.empty()) {
    set.remotes.try_emplace("");  // the first push starts the remote, also with nothing to send
  }
  const std::string project = workspace.config().get_or("core.project", "");
  const bool has_commits = std::any_of(set.remotes.begin(), set.remotes.end(),
                                       [](const auto& share) { return !share.second.commits.empty(); });
  if (project.empty() && has_commits) {
    // Without its roots on the remote, a collection there would take the data for garbage.
    return Error(Code::malformed, "the project has no id: core.project is missing in .cairn/config",
                 "restore .cairn/config from Git: git checkout HEAD -- .cairn/config");
  }
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  remote::PushReport whole;
  for (const auto& [name, share] : set.remotes) {
    CAIRN_TRY_ASSIGN(remote::Remote remote, open_remote(workspace, name.empty() ? request.remote : name,
                                                        remote::Purpose::write, context.log));
    CAIRN_TRY_ASSIGN(const remote::PushReport report,
                     remote::push(*store, remote, share.roots, project, share.commits, context));
    whole.objects += report.objects;
    whole.packs += report.packs;
    whole.bytes += report.bytes;
    whole.already_there += report.already_there;
    whole.commits += report.commits;
  }
  return whole;
}

}  // namespace cairn::ops
