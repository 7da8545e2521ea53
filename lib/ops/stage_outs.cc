// SPDX-License-Identifier: Apache-2.0
#include "ops/stage_outs.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/escape.h"
#include "ops/at_place.h"
#include "ops/glob_walk.h"
#include "ops/out_content.h"
#include "os/path.h"
#include "project/git_files.h"

namespace cairn::ops {
namespace {

using project::Materialised;

/// Metrics and plots that are not cached are stored for the run cache up to this size.
constexpr std::uint64_t kMaxUncachedStored = 16U << 20;

Error not_made(const pipeline::Stage& stage, const pipeline::Out& out) {
  return {
      Code::stage_failed,
      fmt::format("{}: stage {} did not make {} {}", text::place(stage.file, out.at), quoted(stage.address()),
                  out.glob ? "anything that matches its output" : "its output", quoted(out.path)),
      "correct the command, or the 'outs' in " + escaped(stage.file) +
          " ('optional: true' for one that need not be made)"};
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
  CAIRN_TRY(apply_outs(workspace, {states.begin(), states.end()}, context));
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
  project::IgnoreEdits edits;
  for (const std::string& path : paths) {
    materialised->erase(path);
    edits[std::string(os::parent_of(path))].remove.emplace_back(os::name_of(path));
  }
  CAIRN_TRY(edit_ignored(workspace, edits));
  return workspace.save();
}

}  // namespace cairn::ops
