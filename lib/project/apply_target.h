// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "project/apply.h"

/// Internal to apply_*.cc and materialise_*.cc.
namespace cairn::project {

/// A transition with all that was found out about it. The plan points into the listings; moving a target is
/// fine.
struct Target {
  const Transition* transition = nullptr;
  std::vector<std::string>
      inner;  ///< what is left alone inside: paths of other transitions, what is spared; relative
  Listing present;
  Listing base;
  Listing wanted;
  Plan plan;
  std::optional<Materialised::Entry> before;  ///< what undo goes back to
  PathReport report;

  [[nodiscard]] const std::string& path() const { return transition->path; }
  [[nodiscard]] bool failed() const { return report.error.has_value(); }
  [[nodiscard]] bool acts() const { return !failed() && changes_anything(plan); }
  /// A folder where nothing stands: written aside and renamed once.
  [[nodiscard]] bool is_fresh_folder() const {
    return present.empty() && inner.empty() && !wanted.empty() && wanted.front().is_folder();
  }
  void fail(Error error) {
    if (!failed()) {
      report.error = std::move(error);
    }
  }
};

/// Lists what stands, what was put and what shall stand at each path, and plans. What is wrong with one path
/// is in its report. Removes unfinished data of killed runs where it looks. Cost: reads files that the stat
/// cache does not know and whose content matters.
Result<std::vector<Target>> prepare_targets(Workspace& workspace, const std::vector<Transition>& transitions,
                                            const ApplyOptions& options, const Context& context);

/// Reads the present files of all targets whose id is needed and not known, in one go. What cannot be read
/// stays without an id and is warned of.
Status hash_targets(Workspace& workspace, std::vector<Target>& targets, const Policy& policy,
                    const Context& context);

/// Stores what the plans would lose, and the folder objects that undo goes back to; fills `before`. Returns
/// the bytes stored.
Result<std::uint64_t> secure_targets(Workspace& workspace, std::vector<Target>& targets,
                                     const Context& context);

/// Carries the plans out. Failures of a path go to its report.
Status materialise_targets(Workspace& workspace, std::vector<Target>& targets, const Context& context);

/// True when two stats are of the same file with the same content, as far as a stat can tell. Other names
/// (hard links) and permissions may have changed.
bool same_file(const os::FileStat& a, const os::FileStat& b);

/// Target of a symlink.
Result<std::string> read_symlink(const os::Root& root, const std::string& path);

/// Removes unfinished data of killed runs in one folder, as far as that is possible. REQUIRES: the project's
/// lock is held, so none of it is in use.
void remove_leftovers(const os::Root& root, const std::string& folder);

/// Renames to a name that must be free, else `conflict`.
Status rename_new(const os::Root& root, const std::string& from, const std::string& to);

}  // namespace cairn::project
