// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "project/apply_listing.h"

namespace cairn::project {

/// What may be overwritten or removed: content that is in the store; anything that can be stored first; or,
/// since the caller knows of another copy, what cairn put there.
enum class Overwrite : std::uint8_t { stored, forced, known };
/// A path that changed since cairn wrote it and that would have to change again: decided by Overwrite (kept
/// if it was to be removed), or always refused.
enum class Changed : std::uint8_t { judge, refuse };
/// What a removal is about: what cairn put there, or everything that stands there.
enum class Extent : std::uint8_t { known, everything };

struct Policy {
  Overwrite overwrite = Overwrite::stored;
  Changed changed = Changed::judge;
  Extent extent = Extent::known;
};

enum class Action : std::uint8_t {
  none,
  create,        ///< nothing is there
  replace,       ///< something else is there, and may go
  set_mode,      ///< the same bytes with the other executable bit
  remove,        ///< a folder only when it is empty by then
  keep,          ///< a file that cairn knows nothing of
  keep_changed,  ///< a file that was changed since cairn wrote it
  conflict,      ///< in the way, and its content is nowhere else
};

/// What is to happen to one path. Pointers are into the listings the plan was made of; a null one is absence.
struct Step {
  Action action = Action::none;
  const Node* present = nullptr;
  const Node* base = nullptr;
  const Node* wanted = nullptr;
  bool store_first = false;  ///< the present content is nowhere else: store it before it goes

  [[nodiscard]] const std::string& path() const {
    return present != nullptr ? present->path : wanted != nullptr ? wanted->path : base->path;
  }
};

/// Steps for all paths that occur in one of the listings, sorted by path (so folders come before what is in
/// them).
using Plan = std::vector<Step>;

/// Paths in the folder that a plan is about; none: it is about all of it.
using PathSet = std::set<std::string, std::less<>>;

/// Whether a plan about `only` may change `path`: it is one of these, in one, or a folder around one.
bool may_change(const PathSet& only, std::string_view path);

struct PlanInput {
  const Listing& present;                           ///< what stands there
  const Listing& base;                              ///< what cairn put there
  const Listing& wanted;                            ///< what shall stand there
  std::function<bool(const store::Id&)> is_stored;  ///< whether a blob is in the local store
  PathSet only = {};
};

/// Pure. Decides path by path, with Overwrite::stored and Changed::judge:
///
///   present  base    wanted        then
///   nothing  any     something     create
///   as wanted                      nothing to do
///   changed  = wanted              keep_changed
///   other    other   something     replace if the present content is stored, else conflict
///   = base           nothing       remove if it is stored, else keep
///   changed  some    nothing       keep_changed
///   unknown  none    nothing       keep; where a file has to stand in its folder's place as in the row
///   "other"
///
/// A symlink counts as stored only where cairn wrote it. Overwrite::forced replaces and removes changed files
/// too, but not unknown ones that are in nobody's way; a file that could not be read never goes. Nothing is
/// done to what `only` leaves out.
Plan make_plan(const PlanInput& input, const Policy& policy);

/// True when the plan changes anything in the workspace.
bool changes_anything(const Plan& plan);

/// What to return to when the plan is undone: `wanted` with every change of the plan taken back. Files that
/// the plan leaves alone because they are the user's are not in it.
Listing listing_before(const Plan& plan);

/// Paths that the plan writes (create, replace) and that a file system which folds ASCII case would take for
/// one.
std::vector<std::string> case_twins(const Plan& plan);

}  // namespace cairn::project
