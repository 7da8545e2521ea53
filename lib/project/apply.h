// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "project/apply_plan.h"
#include "project/undo_journal.h"
#include "project/workspace.h"

/// Making paths of the workspace equal to stored objects, with all the checks that keep the user's own bytes.
/// checkout, remove and undo are made of it.
namespace cairn::project {

/// One path on its way to another state.
struct Transition {
  struct Record {
    std::string path;  ///< the transition's path, one that it is inside of, or one inside it
    Materialised::Entry entry;
  };
  std::string path;
  std::vector<Record> base;                   ///< what cairn knows it put there
  std::optional<Materialised::Entry> wanted;  ///< nothing: the path is to go
  std::vector<std::string> spared = {};       ///< project paths inside that are left alone
  PathSet only = {};                          ///< paths in the folder: all others are left alone
};

/// What was done, or would be, at one path. Lists hold project paths.
struct PathReport {
  std::string path;
  std::vector<std::string> created;  ///< for a folder that was not there at all: just the folder
  std::vector<std::string> updated;
  std::vector<std::string> removed;
  std::vector<std::string> kept;     ///< files that cairn does not know
  std::vector<std::string> changed;  ///< files that were changed since cairn wrote them, and were left alone
  std::vector<std::string> conflicts;  ///< what stopped this path
  std::vector<Error> warnings;         ///< what could not be looked at
  std::optional<Error> error;          ///< this path failed; others are done all the same
  std::uint64_t files_written = 0;
  std::uint64_t bytes_written = 0;

  [[nodiscard]] bool changed_anything() const {
    return !created.empty() || !updated.empty() || !removed.empty();
  }
};

struct ApplyOptions {
  Policy policy;
  bool dry_run = false;      ///< plan only; the reports say what would be done
  bool all_or_none = false;  ///< one path's error stops all before anything is changed
};

struct ApplyResult {
  std::vector<PathReport> paths;   ///< one for each transition, in their order
  std::uint64_t stored_bytes = 0;  ///< new in the store: what --force overwrites
};

/// Plans all transitions, checks everything, stores what would be lost, writes the undo journal (`journal`
/// with an entry added for each path that changes; nothing if none does, or if no journal is given: then undo
/// does not know of it), then acts. Paths of transitions may contain each other: each then leaves the inner
/// one alone. The stat cache and the materialised records are updated but not saved. A path with a conflict
/// is not touched. The returned error is about all: `interrupted`, disk full, the store's. REQUIRES: the
/// caller holds workspace.lock().
Result<ApplyResult> apply_transitions(Workspace& workspace, const std::vector<Transition>& transitions,
                                      std::optional<UndoRecord> journal, const ApplyOptions& options,
                                      const Context& context);

}  // namespace cairn::project
