// SPDX-License-Identifier: Apache-2.0
#include "ops/set_aside.h"

#include <algorithm>
#include <set>

#include "ops/at_place.h"
#include "ops/glob_walk.h"
#include "ops/out_content.h"
#include "ops/recorder.h"
#include "os/path.h"

namespace cairn::ops {
namespace {

using project::Materialised;

/// Paths that match a glob now, and those that matched when cairn last put something there; sorted.
Result<std::vector<std::string>> all_matches(project::Workspace& workspace, const std::string& pattern,
                                             const Context& context) {
  CAIRN_TRY_ASSIGN(std::vector<std::string> paths, GlobWalk(workspace, context).matches(pattern));
  CAIRN_TRY_ASSIGN(const std::vector<std::string> kept, kept_matches(workspace, pattern));
  paths.insert(paths.end(), kept.begin(), kept.end());
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

/// As apply_outs, also where the failed command left what cannot be stored (a symlink, a pipe): there its
/// outs are removed whole. What stood there before is in the store.
Status apply_over_anything(project::Workspace& workspace, const OutStates& wanted, const Context& context) {
  Status applied = apply_outs(workspace, wanted, context);
  const Code code = applied.ok() ? Code::io : applied.error().code();
  if (code != Code::unsupported && code != Code::conflict) {
    return applied;
  }
  for (const auto& [path, state] : wanted) {
    CAIRN_TRY(workspace.files().remove_tree(path));
    workspace.stat_cache().forget(path);
  }
  return apply_outs(workspace, wanted, context);
}

/// What the failed command left where nothing was.
Status remove_left(project::Workspace& workspace, const std::vector<PreviousOut>& previous,
                   const Context& context) {
  std::set<std::string, std::less<>> there;
  std::set<std::string, std::less<>> left;
  for (const PreviousOut& out : previous) {
    if (out.glob) {
      CAIRN_TRY_ASSIGN(const std::vector<std::string> matches,
                       GlobWalk(workspace, context).matches(out.path));
      left.insert(matches.begin(), matches.end());
    } else {
      (out.state ? there : left).insert(out.path);
    }
  }
  for (const std::string& path : left) {
    if (!there.contains(path)) {
      CAIRN_TRY(workspace.files().remove_tree(path));
      workspace.stat_cache().forget(path);
    }
  }
  return {};
}

}  // namespace

Result<std::vector<PreviousOut>> set_aside(project::Workspace& workspace, const pipeline::Stage& stage,
                                           const Context& context) {
  CAIRN_TRY_ASSIGN(Materialised * materialised, workspace.materialised());
  std::optional<store::Writer> writer;
  std::vector<PreviousOut> previous;
  OutStates gone;
  for (const pipeline::Out& out : stage.outs) {
    std::vector<std::string> paths{out.path};
    if (out.glob) {
      CAIRN_TRY_ASSIGN(paths, all_matches(workspace, out.path, context));
      previous.push_back({out.path, true, std::nullopt, std::nullopt});
    }
    if (out.persist && !writer) {
      CAIRN_TRY_ASSIGN(store::Writer opened, workspace.open_writer(context));
      writer.emplace(std::move(opened));
    }
    for (const std::string& path : paths) {
      // What stays is stored first: the command may change it, and fail.
      auto state = read_out(workspace, path, out.persist ? &*writer : nullptr, context);
      if (!state.ok()) {
        return at_place(stage, out.at, "out", state.error());
      }
      const Materialised::Entry* known = materialised->find(path);
      previous.push_back({path, false, *state, known != nullptr ? std::optional(*known) : std::nullopt});
      if (*state && !out.persist) {
        gone.emplace_back(path, std::nullopt);
      }
    }
  }
  if (writer) {
    CAIRN_TRY(writer->commit());
  }
  if (!gone.empty()) {
    CAIRN_TRY_ASSIGN(const os::FileLock held, wait_for_project(workspace, context));
    CAIRN_TRY(apply_outs(workspace, gone, context));
  }
  for (const pipeline::Out& out : stage.outs) {
    auto folder = workspace.files().make_folder(out.glob ? glob_base(out.path) : os::parent_of(out.path));
    if (!folder.ok()) {
      return at_place(stage, out.at, "out", folder.error());
    }
  }
  return previous;
}

Status put_back(project::Workspace& workspace, const std::vector<PreviousOut>& previous,
                const Context& context) {
  CAIRN_TRY_ASSIGN(const os::FileLock held, wait_for_project(workspace, context));
  OutStates wanted;
  CAIRN_TRY(remove_left(workspace, previous, context));
  for (const PreviousOut& out : previous) {
    if (out.state) {
      wanted.emplace_back(out.path, out.state);
    }
  }
  CAIRN_TRY(apply_over_anything(workspace, wanted, context));
  CAIRN_TRY_ASSIGN(Materialised * materialised, workspace.materialised());
  for (const PreviousOut& out : previous) {
    if (out.glob) {
      continue;
    }
    if (out.record) {
      materialised->set(out.path, *out.record);
    } else {
      materialised->erase(out.path);
    }
  }
  return {};
}

}  // namespace cairn::ops
