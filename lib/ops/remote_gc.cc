// SPDX-License-Identifier: Apache-2.0
#include "ops/remote_gc.h"

#include "git/every_commit.h"
#include "ops/remote_way.h"
#include "ops/run_sharing.h"

namespace cairn::ops {
namespace {

Result<remote::Prune> find_pruned(project::Workspace& workspace) {
  remote::Prune prune{workspace.config().get_or("core.project", ""), {}};
  if (prune.project.empty()) {
    return Error(Code::malformed, "the project has no id: core.project is missing in .cairn/config",
                 "restore .cairn/config from Git: git checkout HEAD -- .cairn/config");
  }
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  auto commits = git::every_commit(*git);
  if (!commits.ok()) {
    return commits.error().with_context("cannot tell which commits are not needed any more");
  }
  prune.commits = std::move(*commits);
  return prune;
}

}  // namespace

Result<RemoteGcResult> collect_remote(project::Workspace& workspace, const RemoteGcOptions& options,
                                      const Context& context) {
  if (options.grace.count() == 0 && !options.force) {
    return Error(Code::usage, "without a grace period nobody has time to miss what goes",
                 "cairn remote gc --grace 0 --force, if nobody else uses the remote");
  }
  remote::GcOptions gc;
  if (options.prune) {
    CAIRN_TRY_ASSIGN(gc.prune, find_pruned(workspace));
  }
  // The lock there has to go after Ctrl-C too, so requests are not broken off by it.
  static const std::atomic<bool> goes_on{false};
  const Context requests{context.log, context.progress, goes_on, context.jobs, nullptr, context.requests};
  CAIRN_TRY_ASSIGN(RemoteWay way, find_way(workspace, options.remote, requests));
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  RemoteGcResult result{way.name, way.transport->describe(), {}};
  CAIRN_TRY_ASSIGN(const remote::Remote remote,
                   remote::Remote::open(std::move(way.transport), std::move(way.name), store->paths(),
                                        remote::Purpose::read, context.log));
  gc.grace = options.grace;
  gc.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  gc.dry_run = options.dry_run;
  gc.force = options.force;
  gc.kept_too = [&](const remote::NeededKeys& needed) { return objects_of_runs(remote, needed, context); };
  CAIRN_TRY_ASSIGN(result.report, remote::collect_garbage(*store, remote, gc, context));
  return result;
}

}  // namespace cairn::ops
