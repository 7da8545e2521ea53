// SPDX-License-Identifier: Apache-2.0
#include "ops/remote_status.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <span>

#include "ops/remote_session.h"
#include "ops/remote_way.h"

namespace cairn::ops {
namespace {

Whereabouts whereabouts_of(const remote::Difference& difference) {
  if (!difference.nowhere.empty()) {
    return Whereabouts::nowhere;
  }
  const bool here = !difference.only_here.empty();
  const bool there = !difference.only_there.empty();
  return here && there ? Whereabouts::in_part
         : here        ? Whereabouts::only_here
         : there       ? Whereabouts::only_there
                       : Whereabouts::on_both;
}

/// Asks about all at once, and about halves where anything differs: mostly nothing does.
Status compare(RemoteSession& session, std::span<RemoteStatus> paths) {
  std::vector<store::Object> objects;
  objects.reserve(paths.size());
  for (const RemoteStatus& one : paths) {
    objects.push_back(one.tracked.object);
  }
  CAIRN_TRY_ASSIGN(const remote::Difference difference, session.compare(objects));
  if (whereabouts_of(difference) == Whereabouts::on_both) {
    return {};
  }
  if (paths.size() == 1) {
    paths.front().where = whereabouts_of(difference);
    return {};
  }
  const std::size_t half = paths.size() / 2;
  CAIRN_TRY(compare(session, paths.first(half)));
  return compare(session, paths.subspan(half));
}

Status look(RemoteWay way, store::Store& store, std::span<RemoteStatus> paths, const Context& context) {
  CAIRN_TRY_ASSIGN(const bool used, remote::is_used(*way.transport, way.name, store.paths()));
  if (!used) {
    for (RemoteStatus& one : paths) {
      one.where = store.has(one.tracked.object) ? Whereabouts::only_here : Whereabouts::nowhere;
    }
    return {};
  }
  CAIRN_TRY_ASSIGN(remote::Remote remote,
                   remote::Remote::open(std::move(way.transport), way.name, store.paths(),
                                        remote::Purpose::read, context.log));
  CAIRN_TRY_ASSIGN(const auto session, RemoteSession::open(std::move(remote), store, context));
  return compare(*session, paths);
}

}  // namespace

Result<std::vector<RemoteStatus>> remote_status(project::Workspace& workspace,
                                                const std::vector<project::Tracked>& tracked,
                                                const std::string& name, const Context& context) {
  std::map<std::string, std::vector<RemoteStatus>> by_remote;
  for (const project::Tracked& one : tracked) {
    if (one.push) {
      by_remote[one.remote.empty() ? name : one.remote].push_back({one, {}, {}});
    }
  }
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  std::vector<RemoteStatus> all;
  for (auto& [wanted, paths] : by_remote) {
    CAIRN_TRY_ASSIGN(RemoteWay way, find_way(workspace, wanted, context));
    for (RemoteStatus& one : paths) {
      one.remote = way.name;
    }
    CAIRN_TRY(look(std::move(way), *store, paths, context));
    std::ranges::move(paths, std::back_inserter(all));
  }
  std::ranges::sort(all, {}, [](const RemoteStatus& one) { return one.tracked.path; });
  return all;
}

}  // namespace cairn::ops
