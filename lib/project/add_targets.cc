// SPDX-License-Identifier: Apache-2.0
#include "project/add_targets.h"

#include <algorithm>
#include <set>

#include "base/escape.h"
#include "git/ignore_file.h"
#include "os/path.h"
#include "project/apply_hints.h"
#include "project/apply_pointers.h"

namespace cairn::project {
namespace {

class Judge {
 public:
  Judge(Workspace& workspace, const AddOptions& options, const std::vector<Tracked>& tracked)
      : workspace_(workspace), options_(options) {
    for (const Tracked& path : tracked) {
      tracked_.emplace(path.path, &path);
    }
  }

  /// Fills owner and pointer, or says why not.
  Status judge(RecordItem& item) {
    CAIRN_TRY(check_name(item.path));
    CAIRN_TRY(find_owner(item));
    if (options_.sink != nullptr && item.is_inside()) {
      return Error(Code::conflict,
                   quoted(item.path) + " is inside the tracked " + quoted(item.owner) +
                       ", which goes to a remote whole",
                   command_hint("cairn add --to-remote", item.owner));
    }
    CAIRN_TRY(check_stages(item.path));
    CAIRN_TRY(check_inside(item.path));
    CAIRN_TRY(check_kind(item));
    CAIRN_TRY(check_git(item));
    CAIRN_TRY_ASSIGN(item.pointer, find_pointer(workspace_, item.owner));
    if (item.is_inside() && item.pointer && !item.pointer->is_tree()) {
      return Error(Code::conflict, "the pointer of " + quoted(item.owner) + " names a file, not a folder",
                   command_hint("cairn add", item.owner));
    }
    return {};
  }

 private:
  static Status check_name(const std::string& path) {
    if (path.empty()) {
      return Error(Code::usage, "the whole project cannot be added",
                   "name the files and folders that hold data");
    }
    CAIRN_TRY(os::check_relative(path));
    for (const std::string_view part : os::parts_of(path)) {
      if (part == ".cairn") {
        return Error(Code::usage, quoted(path) + " belongs to cairn itself");
      }
    }
    if (is_pointer_path(path)) {
      return Error(Code::usage, quoted(path) + " is a pointer: Git keeps it",
                   command_hint("cairn add", data_path(path)));
    }
    return {};
  }

  /// The tracked path that the target is, or is inside of.
  Status find_owner(RecordItem& item) const {
    item.owner = item.path;
    for (std::string_view path = item.path; !path.empty(); path = os::parent_of(path)) {
      const auto found = tracked_.find(path);
      if (found == tracked_.end()) {
        continue;
      }
      if (found->second->source == Tracked::Source::lock) {
        return made_by_stage(item.path, found->second->stage);
      }
      item.owner = found->first;
      return {};
    }
    return {};
  }

  static Error made_by_stage(const std::string& path, const std::string& stage) {
    return {Code::conflict, quoted(path) + " is made by the stage " + quoted(stage) + ", which records it",
            command_hint("cairn repro", stage)};
  }

  [[nodiscard]] Status check_stages(const std::string& path) const {
    for (const auto& [output, stage] : options_.stage_outputs) {
      if (os::is_within(path, output) || os::is_within(output, path)) {
        return made_by_stage(output, stage);
      }
    }
    return {};
  }

  /// A folder that holds other tracked paths would track them twice.
  [[nodiscard]] Status check_inside(const std::string& path) const {
    const auto inside = tracked_.lower_bound(path + "/");
    if (inside == tracked_.end() || !os::is_within(inside->first, path)) {
      return {};
    }
    if (inside->second->source == Tracked::Source::lock) {
      return made_by_stage(inside->first, inside->second->stage);
    }
    return Error(Code::conflict,
                 quoted(path) + " holds " + quoted(inside->first) + ", which is tracked by itself",
                 command_hint("cairn remove", inside->first));
  }

  [[nodiscard]] Status check_kind(const RecordItem& item) const {
    CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> stat, workspace_.files().find_stat(item.path));
    if (!stat) {
      return check_missing(item);
    }
    if (stat->kind == os::Kind::symlink) {
      return Error(Code::conflict, quoted(item.path) + " is a symlink",
                   "add the file or folder that it points to");
    }
    if (stat->kind == os::Kind::other) {
      return Error(Code::conflict, quoted(item.path) + " is neither a file nor a folder");
    }
    return {};
  }

  [[nodiscard]] Status check_missing(const RecordItem& item) const {
    // Seen without the rule that no symlink is followed: then one is on the way.
    const Result<std::optional<os::FileStat>> behind = os::find_stat(workspace_.files().shown(item.path));
    if (behind.ok() && *behind) {
      return Error(Code::conflict, quoted(item.path) + " lies below a symlink", "name it by its real path");
    }
    if (item.is_inside()) {
      return {};
    }
    const bool tracked = tracked_.contains(item.path);
    return Error(Code::not_found, quoted(item.path) + " does not exist",
                 tracked ? command_hint("cairn checkout", item.path) : "");
  }

  Status check_git(const RecordItem& item) {
    if (!workspace_.git_layout()) {
      return {};
    }
    if (!item.is_inside()) {
      CAIRN_TRY(git::ignore_line(os::name_of(item.path)));
    }
    CAIRN_TRY_ASSIGN(git::Repository * git, workspace_.git());
    const std::string full = os::join(workspace_.git_prefix(), item.path);
    CAIRN_TRY_ASSIGN(const bool tracked, git->is_tracked(full));
    CAIRN_TRY_ASSIGN(const std::optional<std::string> inside, git->find_tracked_within(full));
    if (!tracked && !inside) {
      return {};
    }
    const std::string what =
        tracked ? quoted(item.path) + " is" : quoted(*inside) + ", inside " + quoted(item.path) + ", is";
    return Error(Code::conflict, what + " tracked by Git",
                 std::string("git rm -r --cached ") + (item.path.starts_with('-') ? "-- " : "") +
                     shell_quoted(item.path));
  }

  Workspace& workspace_;
  const AddOptions& options_;
  std::map<std::string, const Tracked*, std::less<>> tracked_;
};

/// Each target once, without those inside another.
std::set<std::string> outermost(const std::vector<std::string>& targets) {
  const std::set<std::string, std::less<>> all(targets.begin(), targets.end());
  std::set<std::string> kept;
  for (const std::string& target : all) {
    bool covered = false;
    for (std::string_view outer = os::parent_of(target); !outer.empty() && !covered;
         outer = os::parent_of(outer)) {
      covered = all.contains(outer);
    }
    if (!covered) {
      kept.insert(target);
    }
  }
  return kept;
}

}  // namespace

Result<std::vector<RecordItem>> judge_targets(Workspace& workspace, const AddOptions& options,
                                              const std::vector<Tracked>& tracked) {
  Judge judge(workspace, options, tracked);
  std::vector<RecordItem> items;
  for (const std::string& target : outermost(options.targets)) {
    RecordItem item;
    item.path = target;
    if (Status judged = judge.judge(item); !judged.ok()) {
      item.fail(std::move(judged.error()));
    }
    if (item.owner.empty()) {
      item.owner = item.path;
    }
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace cairn::project
