// SPDX-License-Identifier: Apache-2.0
#include "ops/stage_outs.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/escape.h"
#include "git/glob.h"
#include "git/ignore_file.h"
#include "ops/at_place.h"
#include "ops/glob_walk.h"
#include "os/path.h"
#include "project/apply.h"
#include "project/scan.h"

namespace cairn::ops {
namespace {

using project::Materialised;

/// Metrics and plots that are not cached are stored for the run cache up to this size.
constexpr std::uint64_t kMaxUncachedStored = 16U << 20;

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
  return {};
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

Error not_made(const pipeline::Stage& stage, const pipeline::Out& out) {
  return {
      Code::stage_failed,
      fmt::format("{}: stage {} did not make {} {}", text::place(stage.file, out.at), quoted(stage.address()),
                  out.glob ? "anything that matches its output" : "its output", quoted(out.path)),
      "correct the command, or the 'outs' in " + escaped(stage.file) +
          " ('optional: true' for one that need not be made)"};
}

/// Paths that cairn keeps and a glob matches.
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

/// An entry without state, which keep() lets go of, for every path that was kept for a glob of the outs and
/// is no out any more.
Status add_let_go(project::Workspace& workspace, std::vector<pipeline::LockedOut>& outs) {
  std::set<std::string> globs;
  std::set<std::string> paths;
  for (const pipeline::LockedOut& out : outs) {
    paths.insert(out.path);
    if (!out.glob.empty()) {
      globs.insert(out.glob);
    }
  }
  for (const std::string& glob : globs) {
    CAIRN_TRY_ASSIGN(std::vector<std::string> kept, kept_matches(workspace, glob));
    for (std::string& path : kept) {
      if (!paths.contains(path)) {
        outs.emplace_back().path = std::move(path);
      }
    }
  }
  return {};
}

/// Names in one folder.
struct IgnoreEdit {
  std::vector<std::string> add;
  std::vector<std::string> remove;
};

Status edit_ignored(project::Workspace& workspace, const std::map<std::string, IgnoreEdit>& by_folder) {
  if (workspace.git_layout()) {
    for (const auto& [folder, edit] : by_folder) {
      CAIRN_TRY(git::set_ignored(os::join(workspace.paths().root, folder), edit.add, edit.remove));
    }
  }
  return {};
}

/// Cached ones are ignored by Git and kept by cairn from now on; the others, and what was not made, are left
/// to Git.
Status keep(project::Workspace& workspace, std::vector<pipeline::LockedOut> outs, Recorder& recorder) {
  CAIRN_TRY(add_let_go(workspace, outs));
  CAIRN_TRY_ASSIGN(Materialised * materialised, workspace.materialised());
  for (const pipeline::LockedOut& out : outs) {
    if (out.cached && out.state) {
      materialised->set(out.path, entry_of(*out.state));
      recorder.set_ignored(out.path, true);
    } else if (out.path != out.glob) {
      materialised->erase(out.path);
      recorder.set_ignored(out.path, false);
    }
  }
  return {};
}

/// What one path of an out is now, stored if it is to be.
Result<std::optional<pipeline::PathState>> store_out(project::Workspace& workspace, const std::string& path,
                                                     const pipeline::Out& out, store::Writer& writer,
                                                     const Context& context) {
  if (out.cached) {
    return read_out(workspace, path, &writer, context);
  }
  CAIRN_TRY_ASSIGN(auto state, read_out(workspace, path, nullptr, context));
  const bool small = state && state->object.size <= kMaxUncachedStored;
  return out.stored() && small ? read_out(workspace, path, &writer, context) : state;
}

/// The paths that an out stands for now; those of a name are always one.
Result<std::vector<std::string>> paths_of(project::Workspace& workspace, const pipeline::Out& out,
                                          const Context& context) {
  return out.glob ? GlobWalk(workspace, context).matches(out.path)
                  : Result<std::vector<std::string>>(std::vector{out.path});
}

/// Gives every path that the out stands for its state; one without state where a glob matches nothing.
template <class Read>
Status add_outs(project::Workspace& workspace, const pipeline::Stage& stage, const pipeline::Out& out,
                std::vector<pipeline::LockedOut>& outs, const Context& context, const Read& read) {
  const std::string glob = out.glob ? out.path : "";
  CAIRN_TRY_ASSIGN(std::vector<std::string> paths, paths_of(workspace, out, context));
  for (std::string& path : paths) {
    auto state = read(path);
    if (!state.ok()) {
      return at_place(stage, out.at, "out", state.error());
    }
    outs.push_back({std::move(path), *state, out.cached, out.kind, glob, out.push, out.remote});
  }
  if (paths.empty()) {
    outs.push_back({out.path, std::nullopt, out.cached, out.kind, glob, out.push, out.remote});
  }
  return {};
}

void sort_by_path(std::vector<pipeline::LockedOut>& outs) {
  std::sort(outs.begin(), outs.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
}

}  // namespace

Result<std::vector<PreviousOut>> set_aside(project::Workspace& workspace, const pipeline::Stage& stage,
                                           const Context& context) {
  CAIRN_TRY_ASSIGN(Materialised * materialised, workspace.materialised());
  std::optional<store::Writer> writer;
  std::vector<PreviousOut> previous;
  std::vector<std::pair<std::string, std::optional<pipeline::PathState>>> gone;
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
    CAIRN_TRY(apply(workspace, gone, context));
  }
  for (const pipeline::Out& out : stage.outs) {
    auto folder = workspace.files().make_folder(out.glob ? glob_base(out.path) : os::parent_of(out.path));
    if (!folder.ok()) {
      return at_place(stage, out.at, "out", folder.error());
    }
  }
  return previous;
}

/// As apply, also where the failed command left what cannot be stored (a symlink, a pipe): there its
/// outs are removed whole. What stood there before is in the store.
Status apply_over_anything(
    project::Workspace& workspace,
    const std::vector<std::pair<std::string, std::optional<pipeline::PathState>>>& wanted,
    const Context& context) {
  Status applied = apply(workspace, wanted, context);
  const Code code = applied.ok() ? Code::io : applied.error().code();
  if (code != Code::unsupported && code != Code::conflict) {
    return applied;
  }
  for (const auto& [path, state] : wanted) {
    CAIRN_TRY(workspace.files().remove_tree(path));
    workspace.stat_cache().forget(path);
  }
  return apply(workspace, wanted, context);
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

Status put_back(project::Workspace& workspace, const std::vector<PreviousOut>& previous,
                const Context& context) {
  CAIRN_TRY_ASSIGN(const os::FileLock held, wait_for_project(workspace, context));
  std::vector<std::pair<std::string, std::optional<pipeline::PathState>>> wanted;
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

Result<std::vector<pipeline::LockedOut>> store_outs(project::Workspace& workspace,
                                                    const pipeline::Stage& stage, Recorder& recorder,
                                                    const Context& context) {
  CAIRN_TRY_ASSIGN(store::Writer * writer, recorder.writer());
  std::vector<pipeline::LockedOut> outs;
  for (const pipeline::Out& out : stage.outs) {
    const std::size_t before = outs.size();
    CAIRN_TRY(add_outs(workspace, stage, out, outs, context, [&](const std::string& path) {
      return store_out(workspace, path, out, *writer, context);
    }));
    const bool made = std::any_of(outs.begin() + static_cast<std::ptrdiff_t>(before), outs.end(),
                                  [](const pipeline::LockedOut& one) { return one.state.has_value(); });
    if (!made && !out.optional) {
      return not_made(stage, out);
    }
  }
  sort_by_path(outs);
  CAIRN_TRY(keep(workspace, outs, recorder));
  return outs;
}

Result<std::vector<pipeline::LockedOut>> read_outs(project::Workspace& workspace,
                                                   const pipeline::Stage& stage, store::Writer& writer,
                                                   const Context& context) {
  std::vector<pipeline::LockedOut> outs;
  for (const pipeline::Out& out : stage.outs) {
    CAIRN_TRY(add_outs(workspace, stage, out, outs, context,
                       [&](const std::string& path) { return read_out(workspace, path, &writer, context); }));
  }
  sort_by_path(outs);
  return outs;
}

Result<bool> outs_at_hand(project::Workspace& workspace, const std::vector<pipeline::LockedOut>& outs) {
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  return std::all_of(outs.begin(), outs.end(), [&](const pipeline::LockedOut& out) {
    return !out.state || store->has(out.state->object);
  });
}

Status place_outs(project::Workspace& workspace, const std::vector<pipeline::LockedOut>& outs,
                  Recorder& recorder, const Context& context) {
  std::map<std::string, std::optional<pipeline::PathState>> states;
  for (const pipeline::LockedOut& out : outs) {
    if (!out.glob.empty()) {
      CAIRN_TRY_ASSIGN(const std::vector<std::string> matches,
                       GlobWalk(workspace, context).matches(out.glob));
      for (const std::string& match : matches) {
        states.emplace(match, std::nullopt);
      }
    }
  }
  for (const pipeline::LockedOut& out : outs) {
    if (out.path != out.glob) {
      states[out.path] = out.state;
    }
  }
  CAIRN_TRY(apply(workspace, {states.begin(), states.end()}, context));
  for (const auto& [path, state] : states) {
    if (!state) {
      recorder.set_ignored(path, false);
    }
  }
  return keep(workspace, outs, recorder);
}

std::vector<std::string> outs_to_release(const pipeline::StageLock& former, const pipeline::StageLock* now) {
  const auto is_out = [now](const std::string& path) {
    return now != nullptr && std::any_of(now->outs.begin(), now->outs.end(),
                                         [&](const auto& out) { return os::is_within(path, out.path); });
  };
  std::vector<std::string> paths;
  for (const pipeline::LockedOut& out : former.outs) {
    if (out.cached && out.state && !is_out(out.path)) {
      paths.push_back(out.path);
    }
  }
  return paths;
}

Status let_go(project::Workspace& workspace, const std::vector<std::string>& paths, Recorder& recorder) {
  CAIRN_TRY_ASSIGN(Materialised * materialised, workspace.materialised());
  for (const std::string& path : paths) {
    materialised->erase(path);
    recorder.set_ignored(path, false);
  }
  return {};
}

Status release_outs(project::Workspace& workspace, const std::vector<std::string>& paths) {
  CAIRN_TRY_ASSIGN(Materialised * materialised, workspace.materialised());
  std::map<std::string, IgnoreEdit> by_folder;
  for (const std::string& path : paths) {
    materialised->erase(path);
    const std::string folder(os::parent_of(path));
    CAIRN_TRY_ASSIGN(const auto stat, workspace.files().find_stat(folder));
    if (stat.has_value() && stat->kind == os::Kind::folder) {
      by_folder[folder].remove.emplace_back(os::name_of(path));
    }
  }
  CAIRN_TRY(edit_ignored(workspace, by_folder));
  return workspace.save();
}

}  // namespace cairn::ops
