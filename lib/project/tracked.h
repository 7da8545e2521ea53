// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "project/pointer.h"
#include "project/workspace.h"

namespace cairn::project {

/// A path that cairn keeps: by a pointer beside it, or as an output in a cairn.lock.
struct Tracked {
  enum class Source : std::uint8_t { pointer, lock };
  std::string path;         ///< of the data
  std::string declared_in;  ///< pointer file or cairn.lock
  Source source = Source::pointer;
  store::Object object;
  bool executable = false;
  std::string stage;   ///< of a lock's output: its stage name
  bool push = true;    ///< false: `push` leaves it out
  std::string remote;  ///< the only remote that it goes to and comes from; "" is the default one
};

/// Reads the outputs of a cairn.lock. Given by the pipeline module, which stands above this one; called with
/// the lock's text and path, returns its cached outputs relative to the project root.
using LockReader = Result<std::vector<Tracked>> (*)(std::string_view text, std::string_view path);

/// All tracked paths of the workspace, sorted by path. Folders that are tracked data, `.git`, `.cairn` and
/// what .cairnignore names are not entered. Two sources for one path, or one inside another, are `conflict`
/// and name both files.
Result<std::vector<Tracked>> find_tracked(Workspace& workspace, LockReader read_lock);

/// All that the workspace declares, found by the same walk.
struct Declarations {
  std::vector<Tracked> tracked;        ///< as find_tracked
  std::vector<std::string> pipelines;  ///< paths of cairn.yaml files, sorted
  std::vector<std::string> conflicts;  ///< pointers and locks that a merge left in conflict, sorted
};
/// Files in conflict are an error (`conflict`), or listed for those that go on without them.
enum class InConflict : std::uint8_t { refused, listed };
Result<Declarations> find_declarations(Workspace& workspace, LockReader read_lock,
                                       InConflict in_conflict = InConflict::refused);

/// The same of a commit, read from Git.
Result<std::vector<Tracked>> find_tracked_at(Workspace& workspace, const git::Oid& commit,
                                             LockReader read_lock);

/// `conflict` when two of them are for one path, or one is inside another.
Status check_disjoint(const std::vector<Tracked>& tracked);

/// Those whose path is one of `targets`, inside one, or contains one (a pointer's own file name is allowed as
/// target; no targets: all). A target that is none of these is a glob for whole paths (git::PathGlob), so
/// that data can be named that is not here yet. A target that matches nothing is `not_found`.
Result<std::vector<Tracked>> select_tracked(std::vector<Tracked> tracked,
                                            const std::vector<std::string>& targets);

}  // namespace cairn::project
