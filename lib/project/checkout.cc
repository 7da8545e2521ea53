// SPDX-License-Identifier: Apache-2.0
#include "project/checkout.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "os/path.h"

namespace cairn::project {
namespace {

using Records = std::map<std::string, Materialised::Entry, std::less<>>;

/// Records of the path itself, of the nearest one around it, and of all inside it.
std::vector<Transition::Record> records_at(const Records& records, const std::string& path) {
  std::vector<Transition::Record> found;
  for (std::string_view outer = path; !outer.empty(); outer = os::parent_of(outer)) {
    if (const auto it = records.find(outer); it != records.end()) {
      found.push_back({it->first, it->second});
      break;
    }
  }
  const std::string below = path + "/";
  for (auto it = records.lower_bound(below); it != records.end() && it->first.starts_with(below); ++it) {
    found.push_back({it->first, it->second});
  }
  return found;
}

/// True when the path or a folder around it is one of `wanted`.
bool is_covered(const std::set<std::string, std::less<>>& wanted, std::string_view path) {
  for (; !path.empty(); path = os::parent_of(path)) {
    if (wanted.contains(path)) {
      return true;
    }
  }
  return false;
}

/// Data that Git has taken over is Git's: nothing is removed there.
Result<bool> is_in_git(Workspace& workspace, const std::string& path) {
  if (!workspace.git_layout()) {
    return false;
  }
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  const std::string full = os::join(workspace.git_prefix(), path);
  CAIRN_TRY_ASSIGN(const bool tracked, git->is_tracked(full));
  if (tracked) {
    return true;
  }
  CAIRN_TRY_ASSIGN(const auto inside, git->find_tracked_within(full));
  return inside.has_value();
}

/// Takes leave of records that no wanted path covers: of all, or of those in options.leaving.
Result<std::vector<Transition>> drop_records(Workspace& workspace, Materialised& materialised,
                                             const std::vector<Tracked>& wanted,
                                             const CheckoutOptions& options) {
  std::set<std::string, std::less<>> covered;
  for (const Tracked& tracked : wanted) {
    covered.insert(tracked.path);
  }
  std::vector<Transition> transitions;
  std::vector<std::string> taken_over;
  for (const auto& [path, entry] : materialised.entries()) {
    const bool asked = options.complete || options.leaving.contains(path);
    if (!asked || is_covered(covered, path)) {
      continue;
    }
    CAIRN_TRY_ASSIGN(const bool in_git, is_in_git(workspace, path));
    if (in_git) {
      taken_over.push_back(path);
    } else {
      transitions.push_back({path, {{path, entry}}, {}});
    }
  }
  for (const std::string& path : taken_over) {
    materialised.erase(path);
  }
  return transitions;
}

}  // namespace

std::size_t CheckoutReport::failed() const {
  return static_cast<std::size_t>(std::count_if(
      paths.begin(), paths.end(), [](const PathReport& path) { return path.error.has_value(); }));
}

Result<CheckoutReport> checkout(Workspace& workspace, std::vector<Tracked> wanted,
                                const CheckoutOptions& options, const Context& context) {
  CAIRN_TRY_ASSIGN(Materialised * materialised, workspace.materialised());
  std::vector<Transition> gone;
  if (options.complete || !options.leaving.empty()) {
    CAIRN_TRY_ASSIGN(gone, drop_records(workspace, *materialised, wanted, options));
  }
  std::vector<Transition> transitions;
  transitions.reserve(wanted.size() + gone.size());
  for (Tracked& tracked : wanted) {
    std::vector<Transition::Record> base = records_at(materialised->entries(), tracked.path);
    transitions.push_back(
        {std::move(tracked.path), std::move(base), Materialised::Entry{tracked.object, tracked.executable}});
  }
  std::move(gone.begin(), gone.end(), std::back_inserter(transitions));
  ApplyOptions apply;
  apply.policy.overwrite = options.force ? Overwrite::forced : Overwrite::stored;
  apply.dry_run = options.dry_run;
  UndoRecord journal;
  journal.command = "checkout";
  CAIRN_TRY_ASSIGN(ApplyResult done,
                   apply_transitions(workspace, transitions, std::move(journal), apply, context));
  if (!options.dry_run) {
    CAIRN_TRY(workspace.save());
  }
  return CheckoutReport{std::move(done.paths), done.stored_bytes};
}

}  // namespace cairn::project
