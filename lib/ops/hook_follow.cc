// SPDX-License-Identifier: Apache-2.0
#include "ops/hook_follow.h"

#include <optional>
#include <set>

#include "ops/hook_projects.h"
#include "ops/hook_words.h"
#include "os/file.h"
#include "os/path.h"
#include "pipeline/lock_outputs.h"
#include "project/checkout.h"

namespace cairn::ops {
namespace {

using project::Tracked;

constexpr const char* kLockName = "cairn.lock";

void tell_about(const project::CheckoutReport& report, Log& log) {
  std::vector<std::string> updated;
  std::vector<std::string> removed;
  std::vector<std::string> kept;
  std::vector<std::string> absent;
  for (const project::PathReport& path : report.paths) {
    if (path.error && path.error->code() == Code::not_found) {
      absent.push_back(path.path);
    } else if (path.error) {
      log.warn("cairn: " + path.error->message() +
               (path.error->hint().empty() ? "" : "; try: " + path.error->hint()));
    } else if (!path.created.empty() || !path.updated.empty()) {
      updated.push_back(path.path);
    } else if (!path.removed.empty()) {
      removed.push_back(path.path);
    }
    kept.insert(kept.end(), path.changed.begin(), path.changed.end());
  }
  tell(log, "updated", updated);
  tell(log, "removed", removed);
  tell(log, "kept, since it was changed:", kept);
  tell(log, "not here yet (cairn pull):", absent);
}

/// What moved in one project: pointers and locks, relative to its root, and where they came from.
struct Moved {
  std::set<std::string, std::less<>> declarations;
  std::optional<git::Oid> from;  ///< nothing: no commit, and no data takes leave
};

/// Outs of a lock as it was in a commit. One that cannot be read names nothing.
Result<std::vector<std::string>> former_outs(project::Workspace& workspace, const git::Oid& commit,
                                             const std::string& lock) {
  CAIRN_TRY_ASSIGN(git::Repository* const git, workspace.git());
  CAIRN_TRY_ASSIGN(const auto file, git->find_blob(commit, os::join(workspace.git_prefix(), lock)));
  std::vector<std::string> paths;
  if (!file) {
    return paths;
  }
  CAIRN_TRY_ASSIGN(const Buffer text, git->read_blob(file->blob));
  const auto outs = pipeline::read_lock_outputs(as_text(text), lock);
  for (std::size_t i = 0; outs.ok() && i < outs->size(); ++i) {
    paths.push_back((*outs)[i].path);
  }
  return paths;
}

/// Paths that were named by what moved, and are named by nothing now.
Result<std::set<std::string>> find_leaving(project::Workspace& workspace, const Moved& moved,
                                           const std::vector<Tracked>& tracked) {
  std::set<std::string> leaving;
  for (const std::string& path : moved.declarations) {
    if (!moved.from) {
      break;
    }
    if (project::is_pointer_path(path)) {
      leaving.emplace(project::data_path(path));
      continue;
    }
    CAIRN_TRY_ASSIGN(const auto outs, former_outs(workspace, *moved.from, path));
    leaving.insert(outs.begin(), outs.end());
  }
  std::set<std::string_view> named;
  for (const Tracked& one : tracked) {
    named.insert(one.path);
  }
  std::erase_if(leaving, [&named](std::string_view path) {
    for (; !path.empty() && !named.contains(path); path = os::parent_of(path)) {
    }
    return !path.empty();
  });
  return leaving;
}

/// Checks out what moved, or everything.
Status follow(project::Workspace& workspace, const std::optional<Moved>& moved, const Context& context) {
  CAIRN_TRY_ASSIGN(const os::FileLock lock, workspace.lock());
  CAIRN_TRY_ASSIGN(std::vector<Tracked> tracked,
                   project::find_tracked(workspace, pipeline::read_lock_outputs));
  project::CheckoutOptions options;
  options.complete = !moved;
  if (moved) {
    CAIRN_TRY_ASSIGN(options.leaving, find_leaving(workspace, *moved, tracked));
    std::erase_if(tracked,
                  [&moved](const Tracked& one) { return !moved->declarations.contains(one.declared_in); });
  }
  CAIRN_TRY_ASSIGN(const auto report, project::checkout(workspace, std::move(tracked), options, context));
  tell_about(report, context.log);
  return {};
}

/// The locks that may name the out at `path`: in the folders around it.
void add_locks_around(std::string_view path, std::set<std::string, std::less<>>& locks) {
  while (!path.empty()) {
    path = os::parent_of(path);
    if (!locks.insert(os::join(path, kLockName)).second) {
      return;  // those further out are there too
    }
  }
}

/// Pointers of known data, and locks around it, that are not older than cairn's note of what stands in the
/// workspace. A lock elsewhere is not found: `cairn status` names what it left behind.
Result<Moved> find_written(project::Workspace& workspace) {
  Moved moved;
  CAIRN_TRY_ASSIGN(const auto noted, os::find_stat(workspace.paths().materialised()));
  if (!noted) {
    return moved;
  }
  const auto add_if_new = [&](const std::string& path) -> Result<bool> {
    CAIRN_TRY_ASSIGN(const auto stat, workspace.files().find_stat(path));
    if (stat && stat->mtime_ns >= noted->mtime_ns) {
      moved.declarations.insert(path);
    }
    return stat.has_value();
  };
  CAIRN_TRY_ASSIGN(const project::Materialised* const known, workspace.materialised());
  std::set<std::string, std::less<>> locks;
  for (const auto& [path, entry] : known->entries()) {
    CAIRN_TRY_ASSIGN(const bool has_pointer, add_if_new(project::pointer_path(path)));
    if (!has_pointer) {
      add_locks_around(path, locks);
    }
  }
  for (const std::string& lock : locks) {
    CAIRN_TRY(add_if_new(lock));
  }
  return moved;
}

Status follow_files(const git::Layout& layout, const Context& context) {
  CAIRN_TRY_ASSIGN(const auto known, os::find_stat(os::join(layout.git_dir, "cairn/projects")));
  if (!known) {
    return {};  // cairn put nothing here
  }
  CAIRN_TRY_ASSIGN(const auto roots, project_roots(layout));
  for (const std::string& root : roots) {
    CAIRN_TRY_ASSIGN(const auto workspace, open_project(layout, root));
    CAIRN_TRY_ASSIGN(const Moved moved, find_written(*workspace));
    if (!moved.declarations.empty()) {
      CAIRN_TRY(follow(*workspace, moved, context));
    }
  }
  return {};
}

Status follow_everything(const git::Layout& layout, const Context& context) {
  CAIRN_TRY_ASSIGN(const auto roots, project_roots(layout));
  for (const std::string& root : roots) {
    CAIRN_TRY_ASSIGN(const auto workspace, open_project(layout, root));
    CAIRN_TRY(follow(*workspace, std::nullopt, context));
  }
  return {};
}

Status follow_commits(const git::Layout& layout, const git::HookMove& move, const Context& context) {
  CAIRN_TRY_ASSIGN(git::Repository repository, git::Repository::open(layout));
  const auto from = repository.resolve(move.from);
  const auto to = repository.resolve(move.to);
  if (!from.ok() || !to.ok()) {
    return follow_everything(layout, context);
  }
  CAIRN_TRY_ASSIGN(const auto paths,
                   repository.changed_paths(*from, *to, {std::string(project::kPointerSuffix), kLockName}));
  CAIRN_TRY_ASSIGN(const auto projects, group_by_project(layout, paths));
  for (const auto& [root, moved] : projects) {
    CAIRN_TRY_ASSIGN(const auto workspace, open_project(layout, root));
    CAIRN_TRY(follow(*workspace, Moved{{moved.begin(), moved.end()}, *from}, context));
  }
  return {};
}

}  // namespace

Status follow_git(const git::Layout& layout, const git::HookMove& move, const Context& context) {
  switch (move.kind) {
    case git::HookMove::Kind::nothing:
      return {};
    case git::HookMove::Kind::files:
      return follow_files(layout, context);
    case git::HookMove::Kind::commits:
      return follow_commits(layout, move, context);
    case git::HookMove::Kind::everything:
      return follow_everything(layout, context);
  }
  return {};
}

}  // namespace cairn::ops
