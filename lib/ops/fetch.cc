// SPDX-License-Identifier: Apache-2.0
#include "ops/fetch.h"

#include "ops/remote_way.h"
#include "ops/run_sharing.h"
#include "os/path.h"

namespace cairn::ops {
namespace {

/// What is only told, not needed: each that the remote has.
Status fetch_if_there(store::Store& store, const remote::Remote& remote,
                      const std::vector<remote::Root>& roots, const Context& context) {
  for (const remote::Root& root : roots) {
    const auto fetched = remote::fetch(store, remote, std::span(&root, 1), context);
    if (!fetched.ok() && fetched.error().code() != Code::not_found) {
      return fetched.error();
    }
    if (!fetched.ok()) {
      context.log.debug(fetched.error().message());
    }
  }
  return {};
}

/// The parts' contents become roots of the remotes they come from.
Result<std::vector<FoundPart>> find_parts(project::Workspace& workspace, TransferSet& set,
                                          const std::string& default_remote, const Context& context) {
  std::vector<FoundPart> parts;
  for (const FolderPart& part : set.parts) {
    CAIRN_TRY_ASSIGN(FoundPart found,
                     find_part(workspace, part, part.share.empty() ? default_remote : part.share, context));
    for (const auto& [path, entry] : found.entries) {
      if (entry->kind != store::TreeKind::symlink) {
        const auto family =
            entry->kind == store::TreeKind::folder ? store::Family::tree : store::Family::blob;
        set.remotes[part.share].roots.push_back(
            {{family, entry->id, entry->size}, os::join(part.folder.path, path)});
      }
    }
    parts.push_back(std::move(found));
  }
  return parts;
}

/// What is known of runs is on the default remote.
Status fetch_results(project::Workspace& workspace, const remote::Remote& remote,
                     const TransferRequest& request, FetchResult& result, const Context& context) {
  if (!request.runs || request.is_narrowed()) {
    return {};
  }
  CAIRN_TRY_ASSIGN(const RunsFetched runs, fetch_runs(workspace, remote, context));
  result.runs = runs.runs;
  result.refused_runs = runs.refused;
  if (!request.logs) {
    return {};
  }
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  CAIRN_TRY_ASSIGN(const std::vector<remote::Root> logs, logs_of_locks(workspace, Where::not_here));
  return fetch_if_there(*store, remote, logs, context);
}

}  // namespace

Result<FetchResult> fetch(project::Workspace& workspace, project::LockReader read_lock,
                          const TransferRequest& wanted, const Context& context) {
  TransferRequest request = wanted;
  request.conflicts = true;
  request.parts = true;
  CAIRN_TRY_ASSIGN(TransferSet set, find_transfer_set(workspace, read_lock, request));
  FetchResult result;
  result.tracked = std::move(set.tracked);
  CAIRN_TRY_ASSIGN(result.parts, find_parts(workspace, set, request.remote, context));
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  std::erase_if(set.environments, [store](const remote::Root& one) { return store->has(one.object); });
  if (!set.environments.empty()) {
    set.remotes.try_emplace("");
  }
  for (const auto& [name, share] : set.remotes) {
    if (share.roots.empty() && (!name.empty() || set.environments.empty())) {
      continue;
    }
    CAIRN_TRY_ASSIGN(remote::Remote remote, open_remote(workspace, name.empty() ? request.remote : name,
                                                        remote::Purpose::read, context));
    CAIRN_TRY_ASSIGN(const remote::FetchReport report, remote::fetch(*store, remote, share.roots, context));
    result.report += report;
    if (name.empty()) {
      CAIRN_TRY(fetch_if_there(*store, remote, set.environments, context));
      CAIRN_TRY(fetch_results(workspace, remote, request, result, context));
    }
  }
  return result;
}

}  // namespace cairn::ops
