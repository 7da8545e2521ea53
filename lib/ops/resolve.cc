// SPDX-License-Identifier: Apache-2.0
#include "ops/resolve.h"

#include <algorithm>
#include <set>

#include "base/escape.h"
#include "git/unmerged.h"
#include "ops/conflicts.h"
#include "os/file.h"
#include "os/path.h"
#include "pipeline/lock_merge.h"
#include "pipeline/lock_outputs.h"
#include "project/git_files.h"
#include "project/stored_merge.h"

namespace cairn::ops {
namespace {

using project::Choice;

constexpr unsigned kMarkerSize = 7;
constexpr std::string_view kNote = "Settle it with: cairn resolve --ours|--theirs|--union [PATH...]";

/// What people call it: data by its own name.
std::string subject_of(const std::string& path) {
  return project::is_pointer_path(path) ? std::string(project::data_path(path)) : path;
}

std::string path_in(const std::string& data, const std::string& path) {
  return path.empty() ? data : os::join(data, path);
}

class Resolver {
 public:
  Resolver(project::Workspace& workspace, const ResolveRequest& request, const Context& context)
      : workspace_(workspace), request_(request), merge_(workspace, context) {
    for (const std::string& target : request.targets) {
      targets_.insert(subject_of(target));
    }
  }

  Result<std::vector<ResolvedFile>> run() {
    CAIRN_TRY_ASSIGN(const auto found, project::find_declarations(workspace_, pipeline::read_lock_outputs,
                                                                  project::InConflict::listed));
    CAIRN_TRY_ASSIGN(const std::vector<Conflict> conflicts, find_conflicts(workspace_, found.conflicts));
    std::vector<ResolvedFile> files;
    for (const Conflict& conflict : conflicts) {
      if (is_related(subject_of(conflict.path))) {
        CAIRN_TRY_ASSIGN(ResolvedFile file, resolve_file(conflict));
        files.push_back(std::move(file));
      }
    }
    for (const std::string& target : targets_) {
      if (!target.empty() && !matched_.contains(target)) {
        return Error(Code::not_found, quoted(target) + " is not in conflict", "cairn resolve lists what is");
      }
    }
    if (!request_.dry_run) {
      CAIRN_TRY(write_all());
    }
    return files;
  }

 private:
  /// True when a target is around the file's subject, or inside it.
  bool is_related(const std::string& subject) {
    return targets_.empty() || std::ranges::any_of(targets_, [&](const std::string& target) {
             return os::is_within(subject, target) || os::is_within(target, subject);
           });
  }

  /// True when a target names this path or a folder around it.
  bool is_asked(const std::string& path) {
    bool asked = targets_.empty();
    for (const std::string& target : targets_) {
      if (os::is_within(path, target)) {
        matched_.insert(target);
        asked = true;
      }
    }
    return asked;
  }

  Result<ResolvedFile> resolve_file(const Conflict& conflict) {
    ResolvedFile file;
    file.path = conflict.path;
    const Status done = project::is_pointer_path(conflict.path) ? resolve_pointer(conflict, file)
                                                                : resolve_lock(conflict, file);
    if (!done.ok()) {
      is_asked(subject_of(conflict.path));
      file.error = done.error().with_context(escaped(conflict.path));
    }
    return file;
  }

  Status resolve_pointer(const Conflict& conflict, ResolvedFile& file) {
    const std::string data = subject_of(conflict.path);
    const auto decide = [&](const std::string& path) {
      return is_asked(path_in(data, path)) ? request_.choice : std::nullopt;
    };
    CAIRN_TRY_ASSIGN(const project::PointerSides sides, project::parse_sides(conflict.texts, conflict.path));
    CAIRN_TRY_ASSIGN(const project::MergedPointer merged, merge_.merge(sides, decide));
    file.paths = merged.paths;
    file.keys = merged.keys;
    file.refused = static_cast<std::size_t>(std::ranges::count_if(
        merged.paths, [&](const project::PathConflict& one) { return is_asked(path_in(data, one.path)); }));
    file.refused += is_asked(data) ? merged.keys.size() : 0;
    if (merged.clean()) {
      settle(file,
             merged.sides.ours ? std::optional(project::write_pointer(*merged.sides.ours)) : std::nullopt);
    } else if (sides.ours && sides.theirs) {
      texts_.emplace_back(file.path, project::write_conflict(merged, kNote, kMarkerSize));
    }
    return {};
  }

  Status resolve_lock(const Conflict& conflict, ResolvedFile& file) {
    is_asked(conflict.path);
    text::ThreeWay<pipeline::Lock> sides;
    if (auto base = pipeline::parse_lock(conflict.texts.base, file.path); base.ok()) {
      sides.base = std::move(*base);
    }
    CAIRN_TRY_ASSIGN(sides.ours, pipeline::parse_lock(conflict.texts.ours, file.path));
    CAIRN_TRY_ASSIGN(sides.theirs, pipeline::parse_lock(conflict.texts.theirs, file.path));
    const bool theirs = request_.choice == Choice::theirs;
    const pipeline::LockMerge merged =
        pipeline::merge_locks(sides, theirs ? pipeline::MergeSide::theirs : pipeline::MergeSide::ours);
    settle(file, pipeline::write_lock(merged.lock, os::parent_of(file.path)));
    return {};
  }

  void settle(ResolvedFile& file, std::optional<std::string> text) {
    file.settled = true;
    file.removed = !text;
    settled_.insert(file.path);
    texts_.emplace_back(file.path, std::move(text));
  }

  Status write_all() {
    CAIRN_TRY(merge_.commit());
    std::vector<std::string> merged;  // from the top of the work tree
    for (const auto& [path, text] : texts_) {
      if (!text) {
        CAIRN_TRY(project::remove_git_file(workspace_, path));
      } else {
        CAIRN_TRY_ASSIGN(const os::Fd parent, workspace_.files().make_folder(os::parent_of(path)));
        CAIRN_TRY(project::write_git_file(workspace_, path, as_bytes(*text)));
      }
      if (settled_.contains(path)) {
        merged.push_back(os::join(workspace_.git_prefix(), path));
      }
    }
    const bool has_index = workspace_.git_layout() && !merged.empty();
    return has_index ? git::mark_merged(*workspace_.git_layout(), merged) : Status();
  }

  project::Workspace& workspace_;
  const ResolveRequest& request_;
  project::StoredMerge merge_;
  std::set<std::string> targets_;
  std::set<std::string> matched_;
  std::set<std::string> settled_;
  std::vector<std::pair<std::string, std::optional<std::string>>> texts_;  // nothing: the file goes
};

}  // namespace

Result<std::vector<ResolvedFile>> resolve(project::Workspace& workspace, const ResolveRequest& request,
                                          const Context& context) {
  return Resolver(workspace, request, context).run();
}

}  // namespace cairn::ops
