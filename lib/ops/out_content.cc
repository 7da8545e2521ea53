// SPDX-License-Identifier: Apache-2.0
#include "ops/out_content.h"

#include "git/glob.h"
#include "ops/glob_walk.h"
#include "project/apply.h"
#include "project/scan.h"

namespace cairn::ops {
namespace {

using project::Materialised;

pipeline::PathState state_of(const project::Summary& summary) {
  bool tree = summary.object.family == store::Family::tree;
  return {summary.object, tree ? summary.files : 0, summary.executable};
}

}  // namespace

Materialised::Entry entry_of(const pipeline::PathState& state) {
  return {state.object, state.executable};
}

Result<std::optional<pipeline::PathState>> read_out(project::Workspace& workspace, const std::string& path,
                                                    store::Writer* writer, const Context& context) {
  CAIRN_TRY_ASSIGN(auto scan, project::scan_path(workspace, path, context));
  if (!scan) {
    return std::optional<pipeline::PathState>();
  }
  CAIRN_TRY(writer != nullptr ? project::store_files(workspace, path, *scan, *writer, context)
                              : project::hash_files(workspace, path, *scan, context));
  if (!scan->errors.empty()) {
    return scan->errors.front();
  }
  CAIRN_TRY_ASSIGN(project::Summary summary, project::summarize(*scan, writer));
  return std::optional(state_of(summary));
}

Status apply_outs(project::Workspace& workspace, const OutStates& wanted, const Context& context) {
  CAIRN_TRY_ASSIGN(Materialised * materialised, workspace.materialised());
  std::vector<project::Transition> transitions;
  for (const auto& [path, state] : wanted) {
    project::Transition transition;
    transition.path = path;
    if (const Materialised::Entry* known = materialised->find(path)) {
      transition.base.push_back({path, *known});
    }
    if (state) {
      transition.wanted = entry_of(*state);
    }
    transitions.push_back(std::move(transition));
  }
  project::ApplyOptions options;
  options.policy = {project::Overwrite::forced, project::Changed::judge, project::Extent::everything};
  CAIRN_TRY_ASSIGN(project::ApplyResult done,
                   project::apply_transitions(workspace, transitions, std::nullopt, options, context));
  for (const project::PathReport& path : done.paths) {
    if (path.error) {
      return *path.error;
    }
  }
  return {};
}

Result<std::vector<std::string>> kept_matches(project::Workspace& workspace, const std::string& pattern) {
  std::vector<std::string> kept;
  const std::optional<git::PathGlob> glob = git::PathGlob::compile(pattern);
  if (glob.has_value()) {
    CAIRN_TRY_ASSIGN(const Materialised* materialised, workspace.materialised());
    const std::string base = glob_base(pattern);
    const auto& entries = materialised->entries();
    for (auto at = entries.lower_bound(base); at != entries.end() && at->first.starts_with(base); ++at) {
      if (glob->matches(at->first)) {
        kept.push_back(at->first);
      }
    }
  }
  return kept;
}

}  // namespace cairn::ops
