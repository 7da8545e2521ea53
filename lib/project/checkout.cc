// SPDX-License-Identifier: Apache-2.0
#include "project/checkout.h"

#include <algorithm>
#include <iterator>

#include "os/path.h"
#include "project/orphans.h"

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

Transition transition_to(Tracked tracked, const Materialised& materialised, const CheckoutOptions& options) {
  Transition transition;
  transition.path = std::move(tracked.path);
  transition.base = records_at(materialised.entries(), transition.path);
  transition.wanted = {tracked.object, tracked.executable};
  if (const auto part = options.parts.find(transition.path); part != options.parts.end()) {
    transition.wanted->part = !part->second.is_all;
    transition.only = part->second.paths;
  }
  return transition;
}

Transition drop(const Orphan& orphan, const Materialised& materialised) {
  return {orphan.path, {{orphan.path, *materialised.find(orphan.path)}}, {}, orphan.in_git};
}

/// Takes leave of records that no wanted path covers: of all, or of those in options.leaving.
Result<std::vector<Transition>> drop_records(Workspace& workspace, Materialised& materialised,
                                             const std::vector<Tracked>& wanted,
                                             const CheckoutOptions& options) {
  CAIRN_TRY_ASSIGN(const Orphans orphans,
                   find_orphans(workspace, wanted, options.complete ? nullptr : &options.leaving));
  std::vector<Transition> transitions;
  for (const Orphan& orphan : orphans.data) {
    transitions.push_back(drop(orphan, materialised));
  }
  for (const std::string& path : orphans.in_git) {
    materialised.erase(path);
  }
  return transitions;
}

/// Whether anything of the transition's data is left.
Result<bool> has_remains(Workspace& workspace, const Transition& drop, const Context& context) {
  ApplyOptions plan_only;
  plan_only.dry_run = true;
  CAIRN_TRY_ASSIGN(const ApplyResult planned,
                   apply_transitions(workspace, {drop}, std::nullopt, plan_only, context));
  const PathReport& report = planned.paths.front();
  return report.error || report.changed_anything() || !report.changed.empty();
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
    transitions.push_back(transition_to(std::move(tracked), *materialised, options));
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

Result<std::vector<std::string>> find_orphaned_data(Workspace& workspace, const std::vector<Tracked>& tracked,
                                                    const Context& context) {
  CAIRN_TRY_ASSIGN(const Materialised* const materialised, workspace.materialised());
  CAIRN_TRY_ASSIGN(const Orphans orphans, find_orphans(workspace, tracked));
  std::vector<std::string> here;
  for (const Orphan& orphan : orphans.data) {
    CAIRN_TRY_ASSIGN(const auto found, workspace.files().find_stat(orphan.path));
    if (!found) {
      continue;
    }
    Transition leave = drop(orphan, *materialised);
    for (const Tracked& one : tracked) {
      if (os::is_within(one.path, orphan.path)) {
        leave.spared.push_back(one.path);
      }
    }
    // What stands there may be all theirs.
    CAIRN_TRY_ASSIGN(const bool left,
                     leave.spared.empty() ? Result<bool>(true) : has_remains(workspace, leave, context));
    if (left) {
      here.push_back(orphan.path);
    }
  }
  return here;
}

}  // namespace cairn::project
