// SPDX-License-Identifier: Apache-2.0
#include "ops/add_to_remote.h"

#include <algorithm>

#include "base/escape.h"
#include "ops/remote_way.h"
#include "remote/direct_sink.h"

namespace cairn::ops {
namespace {

/// Data that push would look for elsewhere, or nowhere.
Status check_pointers(project::Workspace& workspace, const project::AddOptions& options,
                      const std::string& name, project::LockReader read_lock) {
  CAIRN_TRY_ASSIGN(const auto tracked, project::find_tracked(workspace, read_lock));
  for (const project::Tracked& one : tracked) {
    if (std::ranges::find(options.targets, one.path) == options.targets.end()) {
      continue;
    }
    if (!one.push) {
      return Error(Code::conflict,
                   quoted(one.path) + " is never pushed ('push: false' in " + quoted(one.declared_in) + ")");
    }
    if (!one.remote.empty() && one.remote != name) {
      return Error(Code::conflict,
                   quoted(one.path) + " belongs to remote " + quoted(one.remote) + ", not to " + quoted(name),
                   "cairn add --to-remote -r " + escaped(one.remote));
    }
  }
  return {};
}

}  // namespace

Result<project::AddReport> add_to_remote(project::Workspace& workspace, project::AddOptions options,
                                         const std::string& name, project::LockReader read_lock,
                                         const Context& context) {
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  CAIRN_TRY_ASSIGN(RemoteWay way, find_way(workspace, name, context));
  CAIRN_TRY(check_pointers(workspace, options, way.name, read_lock));
  CAIRN_TRY_ASSIGN(const remote::Remote remote,
                   remote::Remote::open(std::move(way.transport), std::move(way.name), store->paths(),
                                        remote::Purpose::write, context.log));
  CAIRN_TRY_ASSIGN(const remote::RemoteIndex index, remote::RemoteIndex::load(remote, context));
  remote::DirectSink sink(remote, index, context);
  options.sink = &sink;
  return project::add(workspace, options, read_lock, context);
}

}  // namespace cairn::ops
