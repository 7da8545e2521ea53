// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "project/tracked.h"
#include "remote/remote.h"
#include "remote/transfer.h"

namespace cairn::ops {

/// What of tracked data push, fetch and pull are asked to move, and where.
struct TransferChoice {
  std::string remote;                     ///< its name; "": core.remote
  std::vector<std::string> targets;       ///< project paths, or globs for them; none: everything
  std::vector<std::string> stages;        ///< only what these stages make; none: everything
  std::optional<std::uint64_t> max_size;  ///< only files and folders of at most so many bytes
  bool runs = true;                       ///< results of stages too, where the choice is not narrowed
  bool logs = false;                      ///< with what their commands printed

  /// Whether anything that is tracked may be left out.
  [[nodiscard]] bool is_narrowed() const { return !targets.empty() || !stages.empty() || max_size; }
};

/// What push and fetch are asked to move. Without commits it is what the workspace tracks.
struct TransferRequest : TransferChoice {
  bool all_branches = false;           ///< the commits of all local branches
  bool all_tags = false;               ///< the commits of all tags
  std::vector<std::string> revisions;  ///< these commits, in any of Git's ways of naming one
  bool conflicts = false;  ///< also what the sides of pointers in conflict name; else these are an error
  bool parts = false;      ///< a target inside a tracked folder is that part of it; else the whole folder

  [[nodiscard]] bool names_commits() const { return all_branches || all_tags || !revisions.empty(); }
};

/// What goes to one remote, or comes from it.
struct RemoteShare {
  std::vector<remote::Root> roots;  ///< each object once
  /// Commits whose whole tracked set, as far as it goes to this remote, is among the roots: the named ones,
  /// or HEAD where the workspace tracks exactly what HEAD does. None where the choice is narrowed.
  std::vector<remote::CommitRoots> commits;
  project::Tracked first;  ///< of what goes there: for messages
};

/// Paths inside a tracked folder that are asked for in place of all of it.
struct FolderPart {
  project::Tracked folder;
  std::string share;               ///< its key in TransferSet::remotes
  std::vector<std::string> inner;  ///< paths in the folder, none inside another
};

/// The objects to move, by remote, and what is tracked where.
struct TransferSet {
  /// By name; "" is the one that the request names, or the default. What names a remote of its own always
  /// goes there; what has `push: false` goes nowhere.
  std::map<std::string, RemoteShare> remotes;
  std::vector<project::Tracked> tracked;  ///< of the workspace; empty when commits are named
  std::vector<FolderPart> parts;          ///< of the workspace; their roots are not among those above
  /// Records of environments that the locks name, wherever they are; none where the choice is narrowed. Those
  /// in the local store are among the objects of the commits.
  std::vector<remote::Root> environments;
};

/// Errors: `not_found` for a target or stage that matches nothing anywhere, an unknown revision, or a remote
/// that is named by a pointer or a stage's out and does not exist.
Result<TransferSet> find_transfer_set(project::Workspace& workspace, project::LockReader read_lock,
                                      const TransferRequest& request);

}  // namespace cairn::ops
