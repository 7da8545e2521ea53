// SPDX-License-Identifier: Apache-2.0
#include "ops/repro_pull.h"

#include <algorithm>

#include "ops/pull.h"
#include "ops/run_sharing.h"
#include "os/path.h"
#include "pipeline/glob_overlap.h"
#include "pipeline/lock_outputs.h"

namespace cairn::ops {
namespace {

bool reads(const pipeline::Stage& stage, const std::string& path) {
  return std::any_of(stage.deps.begin(), stage.deps.end(), [&path](const pipeline::Dep& dep) {
    const auto read =
        dep.glob ? pipeline::PathPattern::glob(dep.path) : pipeline::PathPattern::path(dep.path);
    return read.can_touch(pipeline::PathPattern::path(path));
  });
}

}  // namespace

Status pull_for_repro(project::Workspace& workspace, const remote::Remote& remote,
                      const std::string& remote_name, const pipeline::Graph& graph,
                      const std::vector<pipeline::StageIndex>& selection, const Context& context) {
  CAIRN_TRY(fetch_runs(workspace, remote, context));
  CAIRN_TRY_ASSIGN(const auto tracked, project::find_tracked(workspace, pipeline::read_lock_outputs));
  PullOptions options;
  options.remote = remote_name;
  options.runs = false;
  for (const project::Tracked& one : tracked) {
    const auto maker = graph.maker_of(one.path);
    const bool is_made = maker && std::find(selection.begin(), selection.end(), *maker) != selection.end();
    const bool is_read = std::any_of(selection.begin(), selection.end(), [&](pipeline::StageIndex stage) {
      return reads(graph.stage(stage), one.path);
    });
    if (is_made || !is_read) {
      continue;
    }
    CAIRN_TRY_ASSIGN(const auto there, workspace.files().find_stat(one.path));
    if (!there) {
      options.targets.push_back(one.path);
    }
  }
  if (options.targets.empty()) {
    return {};
  }
  CAIRN_TRY_ASSIGN(const PullReport pulled, pull(workspace, pipeline::read_lock_outputs, options, context));
  for (const project::PathReport& path : pulled.checkout.paths) {
    if (path.error) {
      return *path.error;
    }
  }
  return {};
}

}  // namespace cairn::ops
