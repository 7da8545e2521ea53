// SPDX-License-Identifier: Apache-2.0
#include "ops/stage_outs.h"

#include <algorithm>
#include <map>

#include "base/escape.h"
#include "git/ignore_file.h"
#include "os/path.h"
#include "project/apply.h"
#include "project/scan.h"

namespace cairn::ops {
namespace {

using project::Materialised;

Materialised::Entry entry_of(const pipeline::PathState& state) {
  return {state.object, state.executable};
}

pipeline::PathState state_of(const project::Summary& summary) {
  bool tree = summary.object.family == store::Family::tree;
  return {summary.object, tree ? summary.files : 0, summary.executable};
}

/// Brings paths to the wanted states; what is in the way is stored first, so nothing is lost.
Status apply(project::Workspace& workspace,
             const std::vector<std::pair<std::string, std::optional<pipeline::PathState>>>& wanted,
             const Context& context) {
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
  return workspace.save();
}

/// Content of one out, stored where `writer` is given.
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

Error not_made(const pipeline::Stage& stage, const std::string& path) {
  return {Code::stage_failed, "stage " + quoted(stage.address()) + " did not make its output " + quoted(path),
          "correct the command, or the 'outs' in " + escaped(stage.file)};
}

/// Names in one folder.
struct IgnoreEdit {
  std::vector<std::string> add;
  std::vector<std::string> remove;
};

/// Cached ones are ignored by Git and kept by cairn from now on; the others are left to Git.
Status keep(project::Workspace& workspace, const std::vector<pipeline::LockedOut>& outs) {
  CAIRN_TRY_ASSIGN(Materialised * materialised, workspace.materialised());
  std::map<std::string, IgnoreEdit> by_folder;
  for (const pipeline::LockedOut& out : outs) {
    IgnoreEdit& edit = by_folder[std::string(os::parent_of(out.path))];
    if (out.cached) {
      edit.add.emplace_back(os::name_of(out.path));
      materialised->set(out.path, entry_of(*out.state));
    } else {
      edit.remove.emplace_back(os::name_of(out.path));
      materialised->erase(out.path);
    }
  }
  if (workspace.git_layout()) {
    for (const auto& [folder, edit] : by_folder) {
      CAIRN_TRY(git::set_ignored(os::join(workspace.paths().root, folder), edit.add, edit.remove));
    }
  }
  return workspace.save();
}

}  // namespace

Result<std::vector<PreviousOut>> set_aside(project::Workspace& workspace, const pipeline::Stage& stage,
                                           const Context& context) {
  CAIRN_TRY_ASSIGN(Materialised * materialised, workspace.materialised());
  std::vector<PreviousOut> previous;
  std::vector<std::pair<std::string, std::optional<pipeline::PathState>>> gone;
  for (const pipeline::Out& out : stage.outs) {
    CAIRN_TRY_ASSIGN(auto state, read_out(workspace, out.path, nullptr, context));
    const Materialised::Entry* known = materialised->find(out.path);
    previous.push_back({out.path, state, known != nullptr ? std::optional(*known) : std::nullopt});
    if (state) {
      gone.emplace_back(out.path, std::nullopt);
    }
  }
  CAIRN_TRY(apply(workspace, gone, context));
  for (const pipeline::Out& out : stage.outs) {
    CAIRN_TRY(workspace.files().make_folder(os::parent_of(out.path)));
  }
  return previous;
}

Status put_back(project::Workspace& workspace, const std::vector<PreviousOut>& previous,
                const Context& context) {
  std::vector<std::pair<std::string, std::optional<pipeline::PathState>>> wanted;
  for (const PreviousOut& out : previous) {
    if (out.state) {
      wanted.emplace_back(out.path, out.state);
    } else {
      CAIRN_TRY(workspace.files().remove_tree(out.path));  // what the failed command left
      workspace.stat_cache().forget(out.path);
    }
  }
  CAIRN_TRY(apply(workspace, wanted, context));
  CAIRN_TRY_ASSIGN(Materialised * materialised, workspace.materialised());
  for (const PreviousOut& out : previous) {
    if (out.record) {
      materialised->set(out.path, *out.record);
    } else {
      materialised->erase(out.path);
    }
  }
  return workspace.save();
}

Result<std::vector<pipeline::LockedOut>> store_outs(project::Workspace& workspace,
                                                    const pipeline::Stage& stage, const Context& context) {
  CAIRN_TRY_ASSIGN(store::Writer writer, workspace.open_writer(context));
  std::vector<pipeline::LockedOut> outs;
  for (const pipeline::Out& out : stage.outs) {
    bool stored = out.stored();
    CAIRN_TRY_ASSIGN(auto state, read_out(workspace, out.path, stored ? &writer : nullptr, context));
    if (!state) {
      return not_made(stage, out.path);
    }
    outs.push_back({out.path, *state, out.cached, out.kind, "", out.push, out.remote});
  }
  CAIRN_TRY(writer.commit());
  std::sort(outs.begin(), outs.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  CAIRN_TRY(keep(workspace, outs));
  return outs;
}

Result<bool> outs_at_hand(project::Workspace& workspace, const std::vector<pipeline::LockedOut>& outs) {
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  return std::all_of(outs.begin(), outs.end(), [&](const pipeline::LockedOut& out) {
    return !out.state || store->has(out.state->object);
  });
}

Status place_outs(project::Workspace& workspace, const std::vector<pipeline::LockedOut>& outs,
                  const Context& context) {
  std::vector<std::pair<std::string, std::optional<pipeline::PathState>>> wanted;
  for (const pipeline::LockedOut& out : outs) {
    wanted.emplace_back(out.path, out.state);
  }
  CAIRN_TRY(apply(workspace, wanted, context));
  return keep(workspace, outs);
}

}  // namespace cairn::ops
