// SPDX-License-Identifier: Apache-2.0
#include "ops/work_data.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/escape.h"
#include "ops/environment_links.h"
#include "ops/remote_way.h"
#include "ops/targets.h"
#include "os/path.h"
#include "pipeline/glob_overlap.h"
#include "pipeline/lock_outputs.h"
#include "project/checkout.h"

namespace cairn::ops {
namespace {

bool is_related(std::string_view a, std::string_view b) {
  return os::is_within(a, b) || os::is_within(b, a);
}

/// What stages read that no stage of the selection makes anew.
class Needed {
 public:
  Needed(const pipeline::Graph& graph, const std::vector<pipeline::StageIndex>& selection) : graph_(graph) {
    for (pipeline::StageIndex index : selection) {
      const pipeline::Stage& stage = graph.stage(index);
      (stage.frozen ? kept_ : made_).insert(index);
      if (!stage.frozen) {
        add_paths(stage);
      }
    }
  }

  [[nodiscard]] bool contains(const project::Tracked& tracked) const {
    std::optional<pipeline::StageIndex> maker = graph_.maker_of(tracked.path);
    if (maker && made_.contains(*maker)) {
      return is_persistent(*maker, tracked.path);
    }
    return (maker && kept_.contains(*maker)) ||
           std::any_of(paths_.begin(), paths_.end(),
                       [&tracked](const std::string& path) { return is_related(tracked.path, path); });
  }

 private:
  void add_paths(const pipeline::Stage& stage) {
    for (const pipeline::Dep& dep : stage.deps) {
      paths_.insert(dep.glob ? pipeline::PathPattern::glob(dep.path).base() : dep.path);
    }
    for (const pipeline::ParamFile& file : stage.params) {
      paths_.insert(file.file);
    }
  }

  [[nodiscard]] bool is_persistent(pipeline::StageIndex maker, const std::string& path) const {
    const std::vector<pipeline::Out>& outs = graph_.stage(maker).outs;
    return std::any_of(outs.begin(), outs.end(), [&path](const pipeline::Out& out) {
      return out.persist &&
             is_related(path, out.glob ? pipeline::PathPattern::glob(out.path).base() : out.path);
    });
  }

  const pipeline::Graph& graph_;
  std::set<pipeline::StageIndex> made_;
  std::set<pipeline::StageIndex> kept_;
  std::set<std::string> paths_;
};

}  // namespace

Status place_needed_data(project::Workspace& workspace, project::Workspace& original,
                         const pipeline::Graph& graph, const std::vector<pipeline::StageIndex>& selection,
                         MissingData missing, const Context& context) {
  CAIRN_TRY(link_environments(workspace, original, graph, selection));
  CAIRN_TRY_ASSIGN(auto tracked, project::find_tracked(workspace, pipeline::read_lock_outputs));
  Needed needed(graph, selection);
  std::erase_if(tracked, [&needed](const project::Tracked& one) { return !needed.contains(one); });
  if (tracked.empty()) {
    return {};
  }
  if (missing == MissingData::fetch) {
    CAIRN_TRY(fetch_missing(workspace, original, tracked, context));
  }
  CAIRN_TRY_ASSIGN(os::FileLock lock, workspace.lock());
  CAIRN_TRY_ASSIGN(auto report, project::checkout(workspace, std::move(tracked), {}, context));
  for (const project::PathReport& path : report.paths) {
    if (path.error) {
      return *path.error;
    }
  }
  return {};
}

Status fetch_missing(project::Workspace& workspace, project::Workspace& original,
                     const std::vector<project::Tracked>& data, const Context& context) {
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  std::map<std::string, std::vector<remote::Root>> by_remote;
  for (const project::Tracked& one : data) {
    if (!store->has(one.object)) {
      by_remote[one.remote].push_back({one.object, one.path});
    }
  }
  for (const auto& [name, roots] : by_remote) {
    const auto nowhere = [&roots = roots](const Error& error) {
      return error.code() == Code::not_found
                 ? Error(Code::remote,
                         quoted(roots.front().path) + " is not in the store: " + error.message(),
                         "cairn push, in a clone that has the data")
                 : error;
    };
    auto remote = open_remote(original, name, remote::Purpose::read, context);
    if (!remote.ok()) {
      return nowhere(remote.error());
    }
    auto fetched = remote::fetch(*store, *remote, roots, context);
    if (!fetched.ok()) {
      return nowhere(fetched.error());
    }
  }
  return {};
}

}  // namespace cairn::ops
