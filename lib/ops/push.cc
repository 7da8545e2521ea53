// SPDX-License-Identifier: Apache-2.0
#include "ops/push.h"

#include <algorithm>

#include "ops/remote_way.h"
#include "ops/run_sharing.h"

namespace cairn::ops {
namespace {

/// What belongs to results without being tracked data goes to the default remote: records of environments,
/// metrics and plots that Git keeps, and on request the output of runs.
Status add_extras(project::Workspace& workspace, const store::Store& store, const TransferRequest& request,
                  TransferSet& set) {
  const auto share = set.remotes.find("");
  if (share == set.remotes.end()) {
    return {};
  }
  std::vector<remote::Root>& roots = share->second.roots;
  for (const remote::Root& environment : set.environments) {
    if (store.has(environment.object)) {
      roots.push_back(environment);
    }
  }
  if (!request.runs || request.is_narrowed()) {
    return {};
  }
  CAIRN_TRY_ASSIGN(const std::vector<remote::Root> outs, outs_kept_by_git(workspace));
  roots.insert(roots.end(), outs.begin(), outs.end());
  if (request.logs) {
    CAIRN_TRY_ASSIGN(const std::vector<remote::Root> logs, logs_of_locks(workspace, Where::here));
    roots.insert(roots.end(), logs.begin(), logs.end());
  }
  return {};
}

}  // namespace

Result<PushResult> push(project::Workspace& workspace, project::LockReader read_lock,
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
  CAIRN_TRY(add_extras(workspace, *store, request, set));
  PushResult whole;
  for (const auto& [name, share] : set.remotes) {
    CAIRN_TRY_ASSIGN(remote::Remote remote, open_remote(workspace, name.empty() ? request.remote : name,
                                                        remote::Purpose::write, context));
    const bool sends_runs = name.empty() && request.runs && !request.is_narrowed();
    const auto send_runs = [&]() -> Status {
      CAIRN_TRY_ASSIGN(const RunsPushed pushed, push_runs(workspace, remote, context));
      whole.runs = pushed.runs;
      return {};
    };
    CAIRN_TRY_ASSIGN(const remote::PushReport report,
                     remote::push(*store, remote, share.roots, project, share.commits, context,
                                  sends_runs ? std::function<Status()>(send_runs) : nullptr));
    whole.report += report;
  }
  return whole;
}

}  // namespace cairn::ops
